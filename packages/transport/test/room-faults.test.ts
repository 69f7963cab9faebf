import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { type RemotePeer, startPeer } from './peers/remote-peer.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

let server: RoomServer;
let proxy: TcpProxy;
let ada: RemotePeer;
let grace: RemotePeer;
let adaId: string;
let graceId: string;

/** Ada talks to the server through the proxy, Grace directly. */
beforeEach(async () => {
  server = await startRoomServer();
  proxy = await startTcpProxy(server.port);
  [ada, grace] = await Promise.all([startPeer(), startPeer()]);
  adaId = await ada.call('join', `http://127.0.0.1:${proxy.port}/hello`, 'tone-440');
  graceId = await grace.call('join', server.roomUrl('hello'), 'tone-880');
  await ada.call('listen', graceId);
  await grace.call('listen', adaId);
  await until(async () => (await loud(ada, graceId)) > 8_000 && (await loud(grace, adaId)) > 8_000);
  await Promise.all([ada.call('events'), grace.call('events')]);
});
afterEach(async () => {
  await Promise.all([ada.stop(), grace.stop()]);
  await proxy.close();
  await server.close();
});

const loud = async (peer: RemotePeer, id: string) => (await peer.call('heard', id))?.loud ?? 0;
const events: { ada: string[]; grace: string[] } = { ada: [], grace: [] };
const collect = async () => {
  events.ada.push(...(await ada.call('events')));
  events.grace.push(...(await grace.call('events')));
};
beforeEach(() => {
  events.ada = [];
  events.grace = [];
});
const told = (who: 'ada' | 'grace', event: string, limitMs = 10_000) =>
  until(async () => {
    await collect();
    return events[who].includes(event);
  }, limitMs);

const measureGaps = () => Promise.all([ada.call('resetGap', graceId), grace.call('resetGap', adaId)]);
const longestGap = async () =>
  Math.max((await ada.call('heard', graceId))!.longestGapMs, (await grace.call('heard', adaId))!.longestGapMs);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a signalling cut of 12 s is not heard, and nobody left when it is over', async () => {
  await measureGaps();
  proxy.set('cut');
  await told('ada', 'signalling interrupted', 1_000);
  await wait(12_000);
  proxy.set('open');
  await told('ada', 'signalling connected', 2_500);
  expect(await longestGap()).toBeLessThan(200);
  await wait(500);
  await collect();
  expect(events.grace.filter((event) => event.startsWith('left'))).toEqual([]);
  expect(Object.keys(await ada.call('participants'))).toContain(graceId);
  // What happens after it arrives once and works: a new track needs descriptions both ways.
  await grace.call('addTrack', 'music', 'tone-1200');
  await ada.call('listen', graceId, 'music');
  await until(async () => ((await ada.call('heard', graceId, 'music'))?.loud ?? 0) > 8_000);
});

test('what changed during a signalling cut is there after it', async () => {
  proxy.set('cut');
  await told('ada', 'signalling interrupted', 1_000);
  await grace.call('addTrack', 'music', 'tone-1200');
  await ada.call('addTrack', 'noise', 'tone-300');
  await wait(1_000);
  proxy.set('open');
  await told('ada', 'signalling connected', 2_500);
  await ada.call('listen', graceId, 'music');
  await grace.call('listen', adaId, 'noise');
  await until(async () => ((await ada.call('heard', graceId, 'music'))?.loud ?? 0) > 8_000);
  await until(async () => ((await grace.call('heard', adaId, 'noise'))?.loud ?? 0) > 8_000);
});

test('a half-open connection is noticed and replaced', async () => {
  proxy.set('held');
  await told('ada', 'signalling interrupted', 8_000);
  proxy.set('open');
  await told('ada', 'signalling connected', 5_000);
  expect(events.grace.filter((event) => event.startsWith('left'))).toEqual([]);
});

test('a peer that is killed is gone for the others within 10 s, and its place can be taken', async () => {
  await ada.stop('SIGKILL');
  await until(async () => (await grace.call('events')).includes(`left ${adaId} connectionLost`), 10_000);
  ada = await startPeer();
  const again = await ada.call('join', server.roomUrl('hello'), 'tone-440');
  await grace.call('listen', again);
  await until(async () => (await loud(grace, again)) > 8_000);
});

test('a restart of the server is not heard: everybody is back under the same ids', async () => {
  await measureGaps();
  const { port } = server;
  await server.close();
  await told('grace', 'signalling interrupted', 1_000);
  await wait(1_500);
  server = await startRoomServer({ port });
  await told('ada', 'signalling connected', 3_000);
  await told('grace', 'signalling connected', 3_000);
  await grace.call('addTrack', 'music', 'tone-1200');
  await ada.call('listen', graceId, 'music');
  await until(async () => ((await ada.call('heard', graceId, 'music'))?.loud ?? 0) > 8_000);
  expect(await longestGap()).toBeLessThan(200);
  expect((await ada.call('participants')).local.id).toBe(adaId);
  // Longer than those are waited for who do not come back.
  await wait(11_000);
  await collect();
  expect([...events.ada, ...events.grace].filter((event) => event.startsWith('left'))).toEqual([]);
});

test('a server that does not take its clients back ends their call with a reason', async () => {
  const { port } = server;
  await server.close();
  server = await startRoomServer({ port, tokens: () => null });
  await until(async () => (await grace.call('state')) === 'left');
  const all = await grace.call('events');
  expect(all.find((event) => event.startsWith('error'))).toMatch(/SLUICE_ROOM_LOST/);
  expect(all.slice(-1)).toEqual(['state left']);
});

test('who was given up without media and comes back is a participant like before', async () => {
  await ada.call('microphone', false);
  await grace.call('microphone', false);
  const lone = await startPeer();
  try {
    const url = server.roomUrl('quiet');
    const proxied = `http://127.0.0.1:${proxy.port}/quiet`;
    await ada.call('leave');
    adaId = await ada.call('join', proxied, false);
    const loneId = await lone.call('join', url, false);
    proxy.set('cut');
    await until(async () => (await lone.call('events')).includes(`left ${adaId} connectionLost`), 12_000);
    proxy.set('open');
    await until(async () => (await lone.call('events')).includes(`joined ${adaId}`));
    await lone.call('listen', adaId, 'music');
    await ada.call('listen', loneId, 'music');
    await Promise.all([ada.call('addTrack', 'music', 'tone-600'), lone.call('addTrack', 'music', 'tone-900')]);
    await until(async () => ((await lone.call('heard', adaId, 'music'))?.loud ?? 0) > 8_000);
    await until(async () => ((await ada.call('heard', loneId, 'music'))?.loud ?? 0) > 8_000);
  } finally {
    await lone.stop();
  }
});
