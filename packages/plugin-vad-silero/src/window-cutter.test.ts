import { AudioFrame, micros, samplesToMicros } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import { WindowCutter } from './window-cutter.ts';

const frame = (samples: Int16Array, at: number) =>
  new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(at) });

it('gives whole windows with their media time, whatever the pieces', () => {
  const random = seededRandom(2);
  const all = Int16Array.from({ length: 20_000 }, (_, index) => index);
  const cutter = new WindowCutter();
  const seen: number[] = [];
  for (let at = 0; at < all.length; ) {
    const piece = frame(all.subarray(at, at + Math.floor(random() * 1_500)), 5_000 + samplesToMicros(at, 16_000));
    if (at === 0) cutter.begin(piece);
    else expect(cutter.isHole(piece)).toBe(false);
    const { samples, from } = cutter.take(piece);
    if (samples.length > 0) expect(from).toBe(5_000 + samplesToMicros(seen.length, 16_000));
    seen.push(...samples);
    at += piece.length;
  }
  expect(seen).toEqual([...all.subarray(0, 19_968)]);
});

it('sees a hole at the beginning, at a gap and at a timestamp that does not follow; a drifting clock has none', () => {
  const cutter = new WindowCutter();
  const first = frame(new Int16Array(320), 0);
  expect(cutter.isHole(first)).toBe(true);
  cutter.begin(first);
  cutter.take(first);
  expect(cutter.isHole(frame(first.samples, 22_000))).toBe(true);
  expect(cutter.isHole(frame(first.samples, 18_000))).toBe(true);
  const gap = { duration: micros(1), reason: 'overflow' } as const;
  expect(cutter.isHole(frame(first.samples, 20_000).move({ gap }))).toBe(true);
  for (let index = 1; index < 50; index++) {
    const next = frame(first.samples, index * 20_100);
    expect(cutter.isHole(next)).toBe(false);
    cutter.take(next);
  }
  expect(Math.abs(cutter.position - 50 * 20_100)).toBeLessThan(1_100);
});
