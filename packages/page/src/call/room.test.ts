import { createId, defaultPermissions, type RoomParticipantInfo } from '@sluice/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeConnection } from '../../test/fake-connection.ts';
import { Room } from './room.ts';
import type { Welcome } from './signalling.ts';

const participant = (id = createId()): RoomParticipantInfo => ({
  id,
  userName: '',
  userId: '',
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [],
  permissions: defaultPermissions,
  mutedRemotely: [],
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('RTCPeerConnection', FakeConnection);
  FakeConnection.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('of a full room that asks for connections at once sixteen have one at once, all within 5 s, and nobody who is gone', async () => {
  const me = participant();
  const people = Array.from({ length: 63 }, () => participant());
  const context = {
    localId: me.id,
    local: () => me,
    localTracks: () => new Map(),
    send: () => {},
    changed: () => {},
  };
  const room = new Room({ you: me, participants: people } as unknown as Welcome, context, () => {});
  for (const { id } of people) {
    const description = { type: 'offer' as const, sdp: 'v=0\r\nm=audio 0\r\nm=audio 1\r\n', tracks: [] };
    const body = { kind: 'description' as const, link: { from: createId() }, exchange: 1, description };
    room.take({ type: 'relay', from: id, body });
  }
  expect(FakeConnection.all).toHaveLength(16);
  room.take({ type: 'participant-left', id: people.at(-1)!.id } as Parameters<Room['take']>[0]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(FakeConnection.all).toHaveLength(62);
  room.close();
  expect(vi.getTimerCount()).toBe(0);
});
