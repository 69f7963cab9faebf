import type { AudioFrame } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { AudioRenderer, rendererFormat } from './audio-renderer.ts';

const ramp = (length: number, from = 0) => Int16Array.from({ length }, (_, n) => (from + n) % 30_000);
const collect = (options: Parameters<typeof rendererFormat>[0]) => {
  const frames: AudioFrame[] = [];
  const renderer = new AudioRenderer(rendererFormat(options), (frame) => frames.push(frame));
  return { renderer, frames };
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

describe('options', () => {
  test.each([0, 5, 25, -10, 1_010, Number.NaN])('an interval of %s ms is refused', (callbackIntervalMs) => {
    expect(() => rendererFormat({ callbackIntervalMs })).toThrow(/callbackIntervalMs/);
  });
  test.each([0, 7_999, 22_050.5, 11_025, 400_000])('a rate of %s Hz is refused', (sampleRate) => {
    expect(() => rendererFormat({ sampleRate })).toThrow(/sampleRate/);
  });
});
