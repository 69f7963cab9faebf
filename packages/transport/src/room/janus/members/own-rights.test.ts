import { VirtualClock } from '@sluice/core/testing';
import { defaultPermissions, type RoomParticipantInfo } from '@sluice/protocol';
import { expect, test } from 'vitest';
import type { LocalTrack, RoomNews } from '../../driver.ts';
import { announced, LocalParticipant } from '../../session/local-participant.ts';
import { OwnRights } from './own-rights.ts';
import { readDisplay, writeDisplay } from './participant-card.ts';
import { Roster } from './roster.ts';

const ADA = '00000000-0000-4000-8000-00000000000a';
const OWN = '00000000-0000-4000-8000-00000000000b';
const canAdmin = ['participants'] as const;
const info = (id: string, more: Partial<RoomParticipantInfo> = {}): RoomParticipantInfo => ({
  id,
  userName: 'Ada',
  userId: id,
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [],
  permissions: defaultPermissions,
  mutedRemotely: [],
  ...more,
});
const owner = (id: string) =>
  info(id, { isOwner: true, permissions: { ...defaultPermissions, canAdmin: [...canAdmin] } });

function kit(own: RoomParticipantInfo = info(OWN)) {
  const clock = new VirtualClock();
  const told: unknown[] = [];
  const microphone = { kind: 'audio', source: {}, continuous: true, ignoreLevel: false } as unknown as LocalTrack;
  const local = new LocalParticipant(own, new Map([['microphone', microphone]]), () => {});
  local.say({ tracks: announced(local.tracks) });
  const nobody = { joined: () => {}, updated: () => {}, left: () => {}, said: () => {}, missed: () => {} };
  const roster = new Roster(nobody, OWN, () => '');
  const rights = new OwnRights({
    local,
    roster,
    now: () => clock.now(),
    tell: (news: RoomNews) => told.push(news),
    changed: () => told.push('changed'),
  });
  const enters = (who: RoomParticipantInfo) => {
    roster.take({ id: who.id, display: writeDisplay(who) });
    return roster.get(who.id)!;
  };
  return { local, rights, told, enters, clock };
}

test('a card says what its participant may, and of who is hidden nothing else', () => {
  const permissions = { ...defaultPermissions, hasPresence: false };
  const { userName, card } = readDisplay(writeDisplay(info(ADA, { permissions, userData: 1 })));
  expect([userName, card]).toMatchObject(['', { userId: '', tracks: [], permissions }]);
  expect(card).not.toHaveProperty('userData');
  expect(writeDisplay(info(ADA))).not.toContain('permissions');
});

test('an owner takes the right to send, and an input off, until it is on again', async () => {
  const { local, rights, told, enters, clock } = kit();
  const ada = enters(owner(ADA));
  rights.take(ada, { [OWN]: { inputsEnabled: { microphone: false } } });
  expect(local.info).toMatchObject({ mutedRemotely: ['microphone'], tracks: [{ enabled: false }] });
  expect(told).toEqual(['changed', { type: 'inputs-asked', by: ADA, inputs: { microphone: false } }]);
  rights.announce([{ name: 'microphone', enabled: false, continuous: false, ignoreLevel: false }]);
  await clock.advance(10);
  rights.announce(announced(local.tracks));
  expect(local.info).toMatchObject({ mutedRemotely: [], tracks: [{ enabled: true }] });
  rights.take(ada, { [OWN]: { permissions: { canSend: ['camera'] } } });
  expect(local.info).toMatchObject({ permissions: { canSend: ['camera'] }, tracks: [] });
  expect(local.sends('microphone')).toBe(false);
  rights.take(ada, { [OWN]: { permissions: { canSend: true } } });
  expect(local.info.tracks).toHaveLength(1);
});

test.each([
  ['who may not', info(ADA), { canSend: false }],
  [
    'who may and is no owner, more than it has',
    info(ADA, { permissions: { ...defaultPermissions, canAdmin: [...canAdmin] } }),
    { canAdmin: true },
  ],
  ['an owner, what no one knows', owner(ADA), { canSing: true }],
] as const)('%s changes nothing', (_, who, permissions) => {
  const { local, rights, told, enters } = kit();
  rights.take(enters(who), { [OWN]: { permissions } });
  expect([told, local.info.permissions]).toEqual([[], defaultPermissions]);
});

test('what may not be asked is refused before it is said', () => {
  const plain = kit();
  plain.enters(info(ADA));
  const mute = { [ADA]: { inputsEnabled: { microphone: false } } };
  expect(() => plain.rights.check(mute)).toThrow(expect.objectContaining({ denial: 'not-allowed' }));
  const more = { canAdmin: [...canAdmin] };
  expect(() => plain.rights.updateOwn(more)).toThrow(expect.objectContaining({ denial: 'not-allowed' }));
  plain.rights.updateOwn({ canSend: false });
  expect(plain.local.info.permissions.canSend).toEqual([]);
  const own = kit(owner(OWN));
  expect(() => own.rights.check(mute)).toThrow(expect.objectContaining({ denial: 'unknown-participant' }));
  own.enters(info(ADA));
  own.rights.check(mute);
});
