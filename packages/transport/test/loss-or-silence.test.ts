import type { AudioFrame } from '@sluice/core';
import { impair } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { fromCall } from '../src/graph/from-call.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { wait } from './linked-connections.ts';
import { until } from './until.ts';

let server: RoomServer;

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init({ mediaHost: 'in-process' });
});
afterEach(async () => {
  await Daily.deinit();
  await server.close();
});

const gapsMs = (frames: readonly AudioFrame[]) =>
  frames.slice(1).flatMap(({ gap }) => (gap === undefined ? [] : [Math.round(gap.duration / 1_000)]));

test('silence is frames; what a cut takes is a gap, in renderers and in the mix', async () => {
  const microphone = Daily.createMicrophoneDevice('mic');
  await using ada = new CallClient();
  await using grace = new CallClient();
  using path = await impair(ada, { seed: 2 });
  const mix: AudioFrame[] = [];
  const own: AudioFrame[] = [];
  fromCall(grace).subscribe((frame) => mix.push(frame));
  const url = server.roomUrl('loss');
  await ada.join(url, { clientSettings: { inputs: { microphone: true } } });
  await grace.join(url);
  const id = ada.participants().local.id;
  grace.setAudioRenderer(id, (_, frame) => own.push(frame));
  const changes: string[] = [];
  grace.on('network-connection', ({ state }) => changes.push(state));
  await until(() => own.length > 50 && mix.length > 50);
  // Ada says nothing for two seconds: packets of silence flow.
  await wait(2_000);
  expect([gapsMs(own), gapsMs(mix)]).toEqual([[], []]);
  await path.cut(4_000);
  const tone = Int16Array.from({ length: 16_000 }, (_, n) => 8_000 * Math.sin(n / 4));
  void microphone.write(tone);
  await until(() => changes.includes('connected'));
  await until(() => own.slice(-20).some(({ samples }) => samples.some((sample) => sample > 4_000)));
  await until(() => gapsMs(mix).length > 0);
  expect(changes).toEqual(['interrupted', 'connected']);
  // The first second and a half of a cut could be a pause of the network; then it is told.
  for (const frames of [own, mix]) {
    expect(gapsMs(frames)).toHaveLength(1);
    expect(gapsMs(frames)[0]).toBeGreaterThan(1_000);
    expect(gapsMs(frames)[0]).toBeLessThan(4_500);
  }
}, 40_000);
