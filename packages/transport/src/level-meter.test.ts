import { expect, test } from 'vitest';
import { LevelMeter } from './level-meter.ts';

const sine = (peak: number) => Int16Array.from({ length: 480 }, (_, n) => peak * Math.sin((2 * Math.PI * n) / 48));

test('the level is the root mean square as a part of full scale, whatever the pieces', () => {
  const meter = new LevelMeter();
  expect(meter.read()).toBe(0);
  meter.take(new Int16Array(480).fill(-32_768));
  expect(meter.read()).toBe(1);
  meter.take(sine(32_767));
  expect(meter.read()).toBeCloseTo(Math.SQRT1_2, 3);
  for (let piece = 0; piece < 480; piece += 7) meter.take(sine(16_384).subarray(piece, Math.min(480, piece + 7)));
  expect(meter.read()).toBeCloseTo(Math.SQRT1_2 / 2, 3);
});

test('silence counts, and each reading begins anew', () => {
  const meter = new LevelMeter();
  meter.take(sine(20_000));
  meter.take(new Int16Array(3 * 480));
  expect(meter.read()).toBeCloseTo((20_000 * Math.SQRT1_2) / 2 / 32_768, 3);
  expect(meter.read()).toBe(0);
});
