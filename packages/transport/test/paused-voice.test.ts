import { AudioFrame, graph, pullSource, samplesToMicros } from '@sluice/core';
import { snr } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { toMicrophone } from '../src/graph/to-microphone.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { wait } from './linked-connections.ts';
import { until } from './until.ts';

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
const MS = RATE / 1_000;
/** A sweep from 300 to 1,500 Hz: each place of it sounds different from every other. */
const sweep = Int16Array.from({ length: 4 * RATE }, (_, index) => {
  const seconds = index / RATE;
  return Math.round(10_000 * Math.sin(2 * Math.PI * (300 * seconds + 150 * seconds ** 2)));
});

function speech() {
  const format = { kind: 'audio', sampleRate: RATE, channels: 1 } as const;
  return pullSource<AudioFrame>({ name: 'sweep', format }, () => {
    let at = 0;
    return {
      read: () => {
        if (at >= sweep.length) return null;
        const samples = sweep.slice(at, at + 20 * MS);
        const timestamp = samplesToMicros(at, RATE);
        at += samples.length;
        return new AudioFrame({ samples, sampleRate: RATE, channels: 1, timestamp });
      },
    };
  });
}

/** Where the sound of what was heard begins and ends, by the loudest of each millisecond. */
function soundsIn(samples: Int16Array): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let at = 0; at + MS <= samples.length; at += MS) {
    if (Math.max(...samples.subarray(at, at + MS).map(Math.abs)) < 1_500) continue;
    const last = found.at(-1);
    if (last !== undefined && at - last.to < 100 * MS) last.to = at + MS;
    else found.push({ from: at, to: at + MS });
  }
  return found.filter(({ from, to }) => to - from > 100 * MS);
}

test('a paused voice falls silent for who listens, and goes on where it was, in phase', async () => {
  const microphone = Daily.createMicrophoneDevice('mic', { sampleRate: RATE, channels: 1 });
  await using speaker = new CallClient();
  await using listener = new CallClient();
  const url = server.roomUrl('paused');
  await listener.join(url);
  await speaker.join(url, { clientSettings: { inputs: { microphone: true } } });
  const chunks: Int16Array[] = [];
  listener.setAudioRenderer(speaker.participants().local.id, (_, { samples }) => chunks.push(samples.slice()), {
    sampleRate: RATE,
  });
  // Until the far side's jitter buffer has settled.
  await microphone.write(new Int16Array(RATE)).finished;
  const before = microphone.counters;
  const bot = graph('voice');
  const sink = toMicrophone(microphone);
  bot.from(speech()).to(sink);
  const over = bot.run();
  await until(() => microphone.counters.played - before.played > 1.5 * RATE);
  const asked = microphone.counters.played - before.played;
  const { heardMs } = await bot.pause();
  const played = microphone.counters.played - before.played;
  expect(heardMs).toBeCloseTo(played / MS, 2);
  await wait(600);
  expect(microphone.counters.played - before.played).toBe(played);
  bot.resume();
  await over;
  expect(await sink.finished).toEqual({ playedMs: 4_000, droppedMs: 0 });
  await wait(500);

  const heard = Int16Array.from(chunks.flatMap((chunk) => [...chunk]));
  const sounds = soundsIn(heard);
  expect(sounds).toHaveLength(2);
  const [first, second] = sounds as [{ from: number; to: number }, { from: number; to: number }];
  /** Which place of the sweep a stretch of what was heard is, to the sample. Elsewhere it is less than 0 dB alike. */
  const placeOf = (from: number, to: number) => {
    const { lag, snr: likeness } = snr(heard.subarray(from, to), sweep);
    expect(likeness).toBeGreaterThan(5);
    return lag - from;
  };
  const atEnd = placeOf(first.to - 250 * MS, first.to - 50 * MS);
  const atBegin = placeOf(second.from + 50 * MS, second.from + 250 * MS);
  // Where the sound ends and where it goes on is the place at which the device stopped. The far side's jitter buffer may
  // stretch or shorten what it likes by a few milliseconds; a packet is 20.
  expect(Math.abs(first.to + atEnd - played)).toBeLessThan(10 * MS);
  expect(Math.abs(second.from + atBegin - played)).toBeLessThan(10 * MS);
  // The last that was heard is within 20 ms of the question; what was known of the device then is at most a slice old.
  expect(first.to + atEnd - asked).toBeLessThan(40 * MS);
  expect(second.from - first.to).toBeGreaterThan(500 * MS);
});
