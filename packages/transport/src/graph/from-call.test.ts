import { type AudioFrame, detachedContext, withContext } from '@sluice/core';
import { measureTone, testTone, VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { CallClient } from '../call/call-client.ts';
import { RENDERERS } from '../call/client/receiving-client.ts';
import type { RemoteVoice } from '../devices/speaker/speaker-hub.ts';
import { type FromCallOptions, fromCall } from './from-call.ts';

const RATE = 16_000;

function setup() {
  const clock = new VirtualClock();
  const client = new CallClient({ clock });
  const hear = (options: FromCallOptions = { sampleRate: RATE }) => {
    const frames: AudioFrame[] = [];
    const state = { frames, completed: false, error: undefined as unknown, stop: () => {} };
    withContext(detachedContext(clock), () => {
      const subscription = fromCall(client, options).subscribe({
        next: (frame) => frames.push(frame),
        complete: () => {
          state.completed = true;
        },
        error: (error: unknown) => {
          state.error = error;
        },
      });
      state.stop = () => subscription.unsubscribe();
    });
    return state;
  };
  const toSpeaker: Int16Array[] = [];
  /** A received track, as a call opens it. */
  const open = (): RemoteVoice => {
    const speaker = { push: (samples: Int16Array) => toSpeaker.push(samples), close: () => {} };
    return client[RENDERERS].listeners.open(speaker);
  };
  const speak = async (voices: readonly (readonly [RemoteVoice, number, number?])[], ms: number) => {
    for (let at = 0; at < ms; at += 10) {
      for (const [voice, frequency, amplitude = 8_000] of voices) {
        const phase = (2 * Math.PI * frequency * at) / 1000;
        voice.push(testTone({ sampleRate: 48_000, frequency, durationMs: 10, amplitude, phase }), 48_000, 1);
      }
      await clock.advance(10);
    }
  };
  return { clock, client, hear, open, speak, toSpeaker };
}

const all = (frames: readonly AudioFrame[]) => Int16Array.from(frames.flatMap(({ samples }) => [...samples]));
const endMs = (frames: readonly AudioFrame[]) => (frames.at(-1)!.timestamp + frames.at(-1)!.duration) / 1000;

test('hears everybody, from before the first voice, beside the speaker', async () => {
  const { hear, open, speak, clock, toSpeaker } = setup();
  const reader = hear();
  await clock.advance(500);
  expect(reader.frames).toEqual([]);
  await speak(
    [
      [open(), 400],
      [open(), 1_000],
    ],
    1_000,
  );
  const heard = all(reader.frames).subarray(RATE / 10);
  expect(heard.length).toBeGreaterThan(RATE * 0.8);
  for (const hz of [400, 1_000]) expect(measureTone(heard, RATE, hz).amplitude).toBeGreaterThan(-13);
  expect(reader.frames[0]).toMatchObject({ timestamp: 0, gap: undefined, length: RATE / 50, channels: 1 });
  expect(toSpeaker).toHaveLength(200);
});

test('48 kHz mono in frames of 20 ms unless told otherwise', async () => {
  const { hear, open, speak } = setup();
  const [plain, other] = [hear({}), hear({ sampleRate: 44_100, channels: 2, frameMs: 100 })];
  await speak([[open(), 400]], 500);
  expect(plain.frames[0]).toMatchObject({ sampleRate: 48_000, channels: 1, length: 960 });
  expect(other.frames[0]).toMatchObject({ sampleRate: 44_100, channels: 2, length: 4_410 });
});

test('each reader has a copy of its own, whenever it came, and the others go on when one leaves', async () => {
  const { hear, open, speak } = setup();
  const voice = open();
  const first = hear();
  await speak([[voice, 400]], 500);
  const second = hear();
  await speak([[voice, 400]], 500);
  first.stop();
  const before = first.frames.length;
  first.frames[5]!.samples.fill(0);
  await speak([[voice, 400]], 500);
  expect(first.frames).toHaveLength(before);
  expect(endMs(first.frames)).toBeGreaterThan(950);
  expect(endMs(second.frames)).toBeGreaterThan(950);
  expect(measureTone(all(second.frames).subarray(RATE / 10), RATE, 400).snr).toBeGreaterThan(60);
});

test('voices that are too loud together are bent, not cut', async () => {
  const { hear, open, speak } = setup();
  const reader = hear();
  await speak(
    [
      [open(), 400, 30_000],
      [open(), 1_000, 30_000],
    ],
    1_000,
  );
  const loudest = Math.max(...all(reader.frames));
  expect(loudest).toBeGreaterThan(30_000);
  expect(loudest).toBeLessThan(32_767);
});

test('nobody there, leave and rejoin are gaps at their place; release completes', async () => {
  const { client, hear, open, speak, clock } = setup();
  const reader = hear();
  const start = clock.now();
  for (const absentMs of [730, 5_000]) {
    const voice = open();
    await speak([[voice, 400]], 400);
    voice.close();
    await clock.advance(absentMs);
  }
  await speak([[open(), 400]], 400);
  const gaps = reader.frames.flatMap(({ gap }) => (gap === undefined ? [] : [gap.duration / 1000]));
  expect(gaps).toHaveLength(2);
  expect(Math.abs(gaps[0]! - 730)).toBeLessThanOrEqual(30);
  expect(Math.abs(gaps[1]! - 5_000)).toBeLessThanOrEqual(30);
  expect(Math.abs(endMs(reader.frames) - (clock.now() - start))).toBeLessThanOrEqual(30);
  let end = 0;
  for (const { timestamp, duration, gap } of reader.frames) {
    expect(Math.abs(timestamp - end - (gap?.duration ?? 0))).toBeLessThanOrEqual(1);
    end = timestamp + duration;
  }
  expect(reader.completed).toBe(false);
  await client.release();
  await clock.advance(20);
  expect(reader.completed).toBe(true);
  expect(hear().error).toMatchObject({ code: 'SLUICE_CALL_RELEASED' });
});

test('leaves no timer and no voice behind', async () => {
  const { client, hear, open, clock, speak } = setup();
  const voice = open();
  const idle = clock.timers;
  for (let count = 0; count < 100; count++) {
    const reader = hear();
    await speak([[voice, 400]], 20);
    reader.stop();
  }
  await clock.advance(20);
  expect(clock.timers).toBe(idle);
  await client.release();
});

test('options that do not exist or are out of range are refused at once', () => {
  const { client } = setup();
  expect(() => fromCall(client, { sampleRate: 7_000 })).toThrow(RangeError);
  expect(() => fromCall(client, { channels: 3 })).toThrow(RangeError);
  expect(() => fromCall(client, { frameMs: 5 })).toThrow(RangeError);
  expect(() => fromCall(client, { sample_rate: 16_000 } as never)).toThrow(/sampleRate/);
});
