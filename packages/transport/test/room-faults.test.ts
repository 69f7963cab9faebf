import { afterEach, beforeEach, expect, test } from 'vitest';
import { startRoomServer } from '../src/room/server/room-server.ts';
import { CutRoom, loud } from './cut-room.ts';
import { wait } from './linked-connections.ts';
import { startPeer } from './peers/remote-peer.ts';
import { until } from './until.ts';

let room: CutRoom;
beforeEach(async () => {
  room = await CutRoom.open();
});
afterEach(() => room.close());

test('what changed during a signalling cut is there after it', async () => {
  const { ada, adaId, grace, graceId, proxy } = room;
  proxy.set('cut');
  await room.told('ada', 'signalling interrupted', 1_000);
  await grace.call('addTrack', 'music', 'tone-1200');
  await ada.call('addTrack', 'noise', 'tone-300');
  await wait(1_000);
  proxy.set('open');
  await room.told('ada', 'signalling connected', 2_500);
  await ada.call('listen', graceId, 'music');
  await grace.call('listen', adaId, 'noise');
  await until(() => loud(ada, graceId, 'music'));
  await until(() => loud(grace, adaId, 'noise'));
});

test('a half-open connection is noticed and replaced', async () => {
  const { proxy, events } = room;
  proxy.set('held');
  await room.told('ada', 'signalling interrupted', 8_000);
  proxy.set('open');
  await room.told('ada', 'signalling connected', 5_000);
  expect(events.grace.filter((event) => event.startsWith('left'))).toEqual([]);
});

test('a peer that is killed is gone for the others within 10 s, and its place can be taken', async () => {
  const { adaId, grace, server } = room;
  await room.ada.stop('SIGKILL');
  await until(async () => (await grace.call('events')).includes(`left ${adaId} connectionLost`), 10_000);
  room.ada = await startPeer();
  const again = await room.ada.call('join', server.roomUrl('hello'), 'tone-440');
  await grace.call('listen', again);
  await until(() => loud(grace, again));
});

test('a server that does not take its clients back ends their call with a reason', async () => {
  const { grace } = room;
  const { port } = room.server;
  await room.server.close();
  room.server = await startRoomServer({ port, tokens: () => null });
  await until(async () => (await grace.call('state')) === 'left');
  const all = await grace.call('events');
  expect(all.find((event) => event.startsWith('error'))).toMatch(/SLUICE_ROOM_LOST/);
  expect(all.slice(-1)).toEqual(['state left']);
});

test('who was given up without media and comes back is a participant like before', async () => {
  const { ada, grace, proxy, server } = room;
  await ada.call('microphone', false);
  await grace.call('microphone', false);
  const lone = await startPeer();
  try {
    await ada.call('leave');
    const adaId = await ada.call('join', room.throughProxy('quiet'), false);
    const loneId = await lone.call('join', server.roomUrl('quiet'), false);
    proxy.set('cut');
    await until(async () => (await lone.call('events')).includes(`left ${adaId} connectionLost`), 12_000);
    proxy.set('open');
    await until(async () => (await lone.call('events')).includes(`joined ${adaId}`));
    await lone.call('listen', adaId, 'music');
    await ada.call('listen', loneId, 'music');
    await Promise.all([ada.call('addTrack', 'music', 'tone-600'), lone.call('addTrack', 'music', 'tone-900')]);
    await until(() => loud(lone, adaId, 'music'));
    await until(() => loud(ada, loneId, 'music'));
  } finally {
    await lone.stop();
  }
});
