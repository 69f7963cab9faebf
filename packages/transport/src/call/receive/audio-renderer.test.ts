import type { AudioFrame } from '@sluice/core';
import { measureTone, VirtualClock } from '@sluice/core/testing';
import { describe, expect, test } from 'vitest';
import { AudioRenderer, rendererFormat } from './audio-renderer.ts';

const ramp = (length: number, from = 0) => Int16Array.from({ length }, (_, n) => (from + n) % 30_000);
const collect = (options: Parameters<typeof rendererFormat>[0]) => {
  const frames: AudioFrame[] = [];
  const clock = new VirtualClock();
  const renderer = new AudioRenderer(rendererFormat(options), clock, (frame) => frames.push(frame));
  return { renderer, frames, clock };
};

test('10 ms pieces become 20 ms frames, sample by sample, with timestamps from the first', () => {
  const { renderer, frames } = collect({});
  for (let n = 0; n < 7; n++) renderer.take(ramp(160, n * 160), 16_000, 1);
  expect(frames.map(({ length, timestamp }) => [length, timestamp])).toEqual([
    [320, 0],
    [320, 20_000],
    [320, 40_000],
  ]);
  expect([...frames.flatMap(({ samples }) => [...samples])]).toEqual([...ramp(960)]);
});

test('a rate that changes and changes back is not heard, behind an absence nothing is joined', async () => {
  const { renderer, frames, clock } = collect({ sampleRate: 16_000, callbackIntervalMs: 10 });
  const say = async (pieces: number, sampleRate: number, at: number) => {
    for (let n = 0; n < pieces; n++) {
      const tone = (k: number) =>
        10_000 * Math.cos((2 * Math.PI * 440 * ((at + n) * (sampleRate / 100) + k)) / sampleRate);
      renderer.take(
        Int16Array.from({ length: sampleRate / 100 }, (_, k) => tone(k)),
        sampleRate,
        1,
      );
      await clock.advance(10);
    }
  };
  await say(20, 16_000, 0);
  await say(20, 48_000, 20);
  await say(20, 16_000, 40);
  const samples = Int16Array.from(frames.flatMap((frame) => [...frame.samples]));
  expect(samples).toHaveLength(9_600);
  expect(measureTone(samples, 16_000, 440).snr).toBeGreaterThan(60);

  await clock.advance(1_000);
  const before = frames.length;
  renderer.take(new Int16Array(480).fill(10_000), 48_000, 1);
  await clock.advance(100);
  const [first] = frames.slice(before);
  expect(first!.gap).toMatchObject({ reason: 'disconnected' });
  // The filter meets silence before it, and rings.
  expect(Math.abs(first!.samples[0]! - 10_000)).toBeGreaterThan(500);
  renderer.close();
});

test('another rate is converted', () => {
  const { renderer, frames } = collect({ sampleRate: 16_000, callbackIntervalMs: 10 });
  for (let n = 0; n < 100; n++)
    renderer.take(
      Int16Array.from({ length: 480 }, (_, k) => 10_000 * Math.sin((2 * Math.PI * 440 * (n * 480 + k)) / 48_000)),
      48_000,
      1,
    );
  expect(frames.length).toBeGreaterThan(95);
  const all = frames.flatMap(({ samples }) => [...samples]).slice(800);
  expect(Math.max(...all)).toBeGreaterThan(9_900);
  expect(Math.max(...all)).toBeLessThan(10_100);
  const crossings = all.filter((sample, n) => n > 0 && sample < 0 !== all[n - 1]! < 0).length;
  expect((crossings * 16_000) / all.length / 2).toBeCloseTo(440, -1);
});

test('when channels change nothing is lost: a shorter frame comes first', () => {
  const { renderer, frames } = collect({});
  renderer.take(ramp(160), 16_000, 1);
  renderer.take(ramp(320), 16_000, 2);
  renderer.take(ramp(320), 16_000, 2);
  expect(frames.map(({ length, channels, timestamp }) => [length, channels, timestamp])).toEqual([
    [160, 1, 0],
    [320, 2, 10_000],
  ]);
});

describe('a track that is not received for a while', () => {
  const timeOf = (frame: AudioFrame) => (frame.timestamp + frame.duration) / 1000;
  /** Takes pieces of a constant value every 10 ms. */
  const speaker = (options: Parameters<typeof rendererFormat>[0], sampleRate = 48_000) => {
    const setup = collect(options);
    const say = async (pieces: number, value: number) => {
      for (let n = 0; n < pieces; n++) {
        await setup.clock.advance(10);
        setup.renderer.take(new Int16Array(sampleRate / 100).fill(value), sampleRate, 1);
      }
    };
    return { ...setup, say };
  };

  test.each([20, 100])('comes back at its place, with a gap, in frames of %i ms', async (callbackIntervalMs) => {
    const { frames, clock, say } = speaker({ callbackIntervalMs });
    await say(43, 10_000);
    await clock.advance(3_000);
    const before = frames.length;
    const heard = frames.reduce((sum, { length }) => sum + length, 0);
    expect(heard).toBe(43 * 160);
    await say(40, 0);
    const after = frames[before]!;
    expect(after.gap).toEqual({ duration: 3_000_000, reason: 'disconnected' });
    expect(after.timestamp).toBe(3_430_000);
    expect(frames.slice(before).every(({ samples }) => samples.every((sample) => sample === 0))).toBe(true);
    expect(frames.filter(({ gap }) => gap !== undefined)).toHaveLength(1);
  });

  test('gives what is there within two frames, once', async () => {
    const { frames, clock, say } = speaker({ callbackIntervalMs: 100 });
    await say(3, 10_000);
    await clock.advance(40);
    expect(frames.map(({ length }) => length)).toEqual([480]);
    await clock.advance(10_000);
    expect(frames).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  test('thousands of absences do not drift, whatever their lengths', async () => {
    const { frames, clock, say } = speaker({ sampleRate: 44_100, callbackIntervalMs: 10 }, 16_000);
    for (let turn = 0; turn < 2_000; turn++) {
      await say(3, 1_000);
      await clock.advance(61.7 + (turn % 7) * 0.39);
    }
    expect(frames.filter(({ gap }) => gap !== undefined)).toHaveLength(1_999);
    let end = 0;
    for (const frame of frames) {
      expect(Math.abs(frame.timestamp - end - (frame.gap?.duration ?? 0))).toBeLessThanOrEqual(1);
      end = frame.timestamp + frame.duration;
    }
    const last = 2_000 * 30 + Array.from({ length: 1_999 }, (_, k) => 61.7 + (k % 7) * 0.39).reduce((a, b) => a + b, 0);
    expect(Math.abs(timeOf(frames.at(-1)!) - last)).toBeLessThan(10);
  });

  test('an event loop that stood still is no absence', async () => {
    const { renderer, frames, clock } = collect({ callbackIntervalMs: 20 });
    for (let n = 1; n <= 300; n++) clock.at(n * 10, () => renderer.take(new Int16Array(160).fill(n), 16_000, 1));
    await clock.advance(1_000);
    await clock.stall(700);
    await clock.advance(1_300);
    expect(frames.every(({ gap, length }) => gap === undefined && length === 320)).toBe(true);
    expect(timeOf(frames.at(-1)!)).toBe(3_000);
  });

  test('what is there at the end is given, and nothing after it was closed', async () => {
    const ended = speaker({ callbackIntervalMs: 100 });
    await ended.say(13, 10_000);
    ended.renderer.end();
    expect(ended.frames.map(({ length }) => length)).toEqual([1_600, 480]);
    const closed = speaker({ callbackIntervalMs: 100 });
    await closed.say(13, 10_000);
    closed.renderer.close();
    await closed.clock.advance(1_000);
    expect(closed.frames).toHaveLength(1);
    expect(closed.clock.timers).toBe(0);
  });
});

test('a piece of a format that there is not is refused, and what comes after it is heard', async () => {
  const { renderer, frames, clock } = collect({ callbackIntervalMs: 20 });
  renderer.take(new Int16Array(160), 16_000, 1);
  expect(() => renderer.take(new Int16Array(160), 0, 1)).toThrow(/sampleRate/);
  await clock.advance(1_000);
  renderer.take(new Int16Array(320), 16_000, 1);
  expect(frames.map(({ length }) => length)).toEqual([160, 320]);
});

describe('options', () => {
  test.each([0, 5, 25, -10, 1_010, Number.NaN])('an interval of %s ms is refused', (callbackIntervalMs) => {
    expect(() => rendererFormat({ callbackIntervalMs })).toThrow(/callbackIntervalMs/);
  });
  test.each([0, 7_999, 22_050.5, 11_025, 400_000])('a rate of %s Hz is refused', (sampleRate) => {
    expect(() => rendererFormat({ sampleRate })).toThrow(/sampleRate/);
  });
});
