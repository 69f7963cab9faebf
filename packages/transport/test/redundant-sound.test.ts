import { realClock } from '@sluice/core';
import { impair, ProbeListener, probeSamples } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { until } from './until.ts';

const RATE = 16_000;
const FRAMES = 120;
/** Frames after which packets are lost, and the last that are counted. */
const [FIRST, END] = [30, FRAMES - 10];

let server: RoomServer;
beforeEach(async () => {
  server = await startRoomServer();
  Daily.init();
});
afterEach(async () => {
  await Daily.deinit();
  await server.close();
});

test('of two tracks on a path that loses every fifth packet the one that is sent twice is heard whole', async () => {
  const [ada, grace] = [new CallClient(), new CallClient()];
  const twice = { sendSettings: { redundancy: true } };
  await ada.updatePublishing({ customAudio: { twice } });
  await ada.join(server.roomUrl('hello'));
  using path = await impair(grace, { seed: 7 });
  await grace.join(server.roomUrl('hello'));
  const listen = (audioSource: string) => {
    const listener = new ProbeListener();
    grace.setAudioRenderer(
      ada.participants().local.id,
      (_, frame) => {
        listener.push(frame.samples, frame, realClock.now());
        frame.close();
      },
      { audioSource, sampleRate: RATE, callbackIntervalMs: 20 },
    );
    return listener;
  };
  const ears = ['twice', 'once'].map(listen);
  const sources = await Promise.all(
    ['twice', 'once'].map(async (name) => {
      const source = new CustomAudioSource(RATE, 1);
      await ada.addCustomAudioTrack(name, new CustomAudioTrack(source));
      return source;
    }),
  );
  await until(() => ears.every(({ heardMs }) => heardMs > 200));
  for (const source of sources) source.write(probeSamples(FRAMES, { sampleRate: RATE }));
  await until(() => ears.every(({ arrivals }) => arrivals.length > 10));
  path.set({ exactLoss: { lost: 1, of: 5 } });
  await until(() => ears.every(({ arrivals }) => (arrivals.at(-1)?.index ?? 0) >= END));
  const missing = ears.map((ear) => {
    const { gaps } = ear.report({ expected: { first: FIRST, end: END } });
    return gaps.reduce((sum, { frames }) => sum + frames, 0);
  });
  // Error correction of Opus begins when the far side has told of loss, some five seconds later.
  expect(missing[1]).toBeGreaterThan(8);
  expect(missing[0]).toBeLessThan(missing[1]! / 3);
  for (const client of [ada, grace]) await client.leave();
});
