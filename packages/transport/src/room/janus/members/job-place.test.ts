import { VirtualClock } from '@sluice/core/testing';
import { defaultPermissions, type RoomParticipantInfo } from '@sluice/protocol';
import { expect, test } from 'vitest';
import type { JobLease } from './job-lease.ts';
import { JobPlace } from './job-place.ts';
import { OwnCard } from './own-card.ts';
import { readDisplay, writeDisplay } from './participant-card.ts';
import { Roster } from './roster.ts';

const OWN = '00000000-0000-4000-8000-00000000000a';
const OTHER = '00000000-0000-4000-8000-00000000000b';
const info = (id: string): RoomParticipantInfo => ({
  id,
  userName: '',
  userId: id,
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [],
  permissions: defaultPermissions,
  mutedRemotely: [],
});
const standby = (revision: number): JobLease => ({ job: 'greeter', revision, standby: true });
const begun = (revision: number): JobLease => ({ job: 'greeter', revision });

function kit(lease: JobLease | undefined) {
  const clock = new VirtualClock();
  const said: (JobLease | undefined)[] = [];
  const removed: string[] = [];
  const goes: string[] = [];
  const roster = new Roster(
    {
      joined: ({ id }) => place.givesWayTo(id, true) && goes.push(id),
      updated: ({ id }) => place.givesWayTo(id, false) && goes.push(id),
      left: ({ id }) => place.left(id),
      said: () => {},
      missed: () => {},
    },
    OWN,
    () => '',
  );
  const card = new OwnCard(
    clock,
    () => info(OWN),
    () => place.lease,
    async (display) => void said.push(readDisplay(display).card?.lease),
  );
  const place: JobPlace = new JobPlace({
    clock,
    own: info(OWN),
    lease,
    roster,
    card: () => card,
    remove: async (ids) => void removed.push(...ids),
    changed: () => {},
  });
  const says = (other: JobLease) => roster.take({ id: OTHER, display: writeDisplay(info(OTHER), [], other) });
  return { clock, place, roster, said, removed, goes, says };
}

test('who begins says so, has the one before it removed, and has its place when that one is gone', async () => {
  const { clock, place, roster, said, removed, says } = kit(standby(2));
  says(begun(1));
  let has = false;
  const taking = place.take().then(() => (has = true));
  await clock.advance(10);
  expect(said).toEqual([begun(2)]);
  expect(removed).toEqual([OTHER]);
  expect(place.isReplaced(OTHER)).toBe(true);
  expect(has).toBe(false);
  roster.left(OTHER, 'left');
  await taking;
  await place.take();
  expect(said).toHaveLength(1);
});

test('one that hears nothing of us is waited for a second, since nobody hears it', async () => {
  const { clock, place, says } = kit(standby(2));
  says(begun(1));
  let has = false;
  const taking = place.take().then(() => (has = true));
  await clock.advance(999);
  expect(has).toBe(false);
  await clock.advance(1);
  await taking;
});

test('a bot goes when one of its number begins that stood by, and not before', () => {
  const { goes, says } = kit(begun(1));
  says(standby(1));
  expect(goes).toEqual([]);
  says(begun(1));
  expect(goes).toEqual([OTHER]);
});

test('without a lease there is no place, and after the end there is none either', async () => {
  await expect(kit(undefined).place.take()).rejects.toMatchObject({ code: 'SLUICE_ROOM_DENIED', denial: 'state' });
  const { place, says, clock } = kit(standby(2));
  says(begun(1));
  const taking = place.take();
  void clock.advance(1);
  place.close();
  await expect(taking).rejects.toMatchObject({ code: 'SLUICE_ROOM_LOST' });
});
