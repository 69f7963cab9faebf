import { measureTone } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';

let server: RoomServer;

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init();
});
afterEach(async () => {
  await Daily.deinit();
  await server.close();
});

const RATE = 48_000;
const tone = (seconds: number) =>
  Int16Array.from({ length: seconds * RATE }, (_, n) => Math.round(12_000 * Math.sin((2 * Math.PI * 441 * n) / RATE)));

/** Milliseconds from the first loud sample to the last. */
function loudMs(samples: Int16Array): number {
  const loud = (sample: number) => Math.abs(sample) > 1_000;
  return ((samples.findLastIndex(loud) - samples.findIndex(loud)) * 1_000) / RATE;
}

test('who leaves right after the last word is heard to its end', async () => {
  const microphone = Daily.createMicrophoneDevice('mic', { sampleRate: RATE, channels: 1 });
  await using speaker = new CallClient();
  await using listener = new CallClient();
  const url = server.roomUrl('last-word');
  await listener.join(url);
  await speaker.join(url, { clientSettings: { inputs: { microphone: true } } });
  const heard: Int16Array[] = [];
  listener.setAudioRenderer(speaker.participants().local.id, (_, { samples }) => heard.push(samples.slice()), {
    sampleRate: RATE,
  });
  await microphone.write(new Int16Array(RATE)).finished;
  await microphone.write(tone(1.5)).finished;
  await speaker.leave();
  const samples = Int16Array.from(heard.flatMap((part) => [...part]));
  expect(loudMs(samples)).toBeGreaterThan(1_490);
  const end = samples.findLastIndex((sample) => Math.abs(sample) > 1_000);
  expect(measureTone(samples.slice(end - 24_000, end - 480), RATE, 441).snr).toBeGreaterThan(15);
});

test('who has not spoken leaves at once', async () => {
  Daily.createMicrophoneDevice('mic', { sampleRate: RATE, channels: 1 });
  await using silent = new CallClient();
  await silent.join(server.roomUrl('silent'), { clientSettings: { inputs: { microphone: true } } });
  const states: string[] = [];
  silent.on('call-state-updated', ({ state }) => states.push(state));
  await silent.leave();
  expect(states).toEqual(['leaving', 'left']);
});

test('waiting for the last word can be given up', async () => {
  const microphone = Daily.createMicrophoneDevice('mic', { sampleRate: RATE, channels: 1 });
  await using speaker = new CallClient();
  await using listener = new CallClient();
  const url = server.roomUrl('given-up');
  await listener.join(url);
  await speaker.join(url, { clientSettings: { inputs: { microphone: true } } });
  await microphone.write(tone(1)).finished;
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(speaker.leave({ signal })).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
});
