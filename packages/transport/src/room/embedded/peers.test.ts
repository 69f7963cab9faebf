import type { SluiceError } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { createId, defaultPermissions, type RoomParticipantInfo } from '@sluice/protocol';
import { expect, test } from 'vitest';
import type { MediaHost } from '../../host/media-host.ts';
import { Peers } from './peers.ts';

const nothing = () => {};

const info = (): RoomParticipantInfo => ({
  id: createId(),
  userName: 'Ada',
  userId: '',
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [],
  permissions: defaultPermissions,
  mutedRemotely: [],
});

test('a server that announces 50,000 participants has as many met as a room takes, and says so once', async () => {
  const clock = new VirtualClock();
  const local = info();
  const faults: unknown[] = [];
  const joined: string[] = [];
  let said = 0;
  const peers = new Peers({
    context: {
      localId: local.id,
      media: {} as MediaHost,
      clock,
      candidates: 'loopback',
      ice: () => ({}),
      local: () => local,
      localTracks: () => new Map(),
      candidateFilter: () => undefined,
      send: () => said++,
      onAudio: nothing,
      onVideo: nothing,
      onListening: nothing,
      report: (error) => faults.push(error),
    },
    onConnection: nothing,
    emit: (event) => {
      if (event === 'joined') joined.push(event);
    },
    alive: nothing,
    onGone: nothing,
  });
  const first = info();
  peers.arrived(first);
  for (let n = 0; n < 50_000; n++) peers.arrived(info());
  await clock.settle();
  expect([peers.participants.size, joined.length, said]).toEqual([80, 80, 80]);
  expect(faults.map((fault) => (fault as SluiceError).code)).toEqual(['SLUICE_ROOM_PROTOCOL']);
  // Whoever leaves makes room for the next.
  peers.left(first.id, 'left');
  peers.arrived(info());
  expect(joined).toHaveLength(81);
  peers.close();
  expect(clock.timers).toBe(0);
});
