import { defaultPermissions } from '@sluice/protocol';
import { expect, test } from 'vitest';
import { hasToGo, replaced } from './job-lease.ts';
import { readDisplay, writeDisplay } from './participant-card.ts';

const lease = (revision: number, job = 'greeter') => ({ job, revision });

test('of two bots of a job the higher number stays, and of one number the later one', () => {
  expect(hasToGo(lease(1), lease(2), false)).toBe(true);
  expect(hasToGo(lease(2), lease(1), true)).toBe(false);
  expect(hasToGo(lease(2), lease(2), true)).toBe(true);
  expect(hasToGo(lease(2), lease(2), false)).toBe(false);
  expect(hasToGo(lease(1), lease(2, 'other'), true)).toBe(false);
  expect(hasToGo(lease(1), undefined, true)).toBe(false);
  expect(hasToGo(undefined, lease(2), true)).toBe(false);
  const standby = (revision: number) => ({ ...lease(revision), standby: true as const });
  expect(hasToGo(lease(1), standby(2), true)).toBe(false);
  expect(hasToGo(standby(1), standby(2), false)).toBe(true);
  expect(hasToGo(standby(2), lease(2), true)).toBe(true);
  expect(hasToGo(standby(2), lease(1), true)).toBe(false);
  expect(replaced(lease(2)).message).toContain('a later bot has the job greeter');
});

test('a lease stands behind the name, and one that is none makes the card none', () => {
  const info = { id: 'a', userName: 'A', userId: 'a', isOwner: false, joinedAt: '', tracks: [], mutedRemotely: [] };
  const display = writeDisplay({ ...info, permissions: defaultPermissions }, [], lease(7));
  expect(readDisplay(display).card?.lease).toEqual(lease(7));
  const standing = { ...lease(7), standby: true as const };
  const waiting = writeDisplay({ ...info, permissions: defaultPermissions }, [], standing);
  expect(readDisplay(waiting).card?.lease).toEqual(standing);
  expect(readDisplay(display.replace('"revision":7', '"revision":-7')).card).toBeUndefined();
});
