import { expect, test } from 'vitest';
import { floatToInt16, int16ToFloat, toInt16 } from './int16.ts';

test('rounds to nearest and clamps', () => {
  expect([0.4, 0.5, -0.5, -0.6, 40_000, -40_000, Number.POSITIVE_INFINITY].map(toInt16).map((x) => x + 0)).toEqual([
    0, 1, 0, -1, 32_767, -32_768, 32_767,
  ]);
});

test('every s16 sample survives the way to float and back', () => {
  const all = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
  expect(floatToInt16(int16ToFloat(all))).toEqual(all);
});

test('floats beyond full scale are clamped, NaN is silence', () => {
  expect([...floatToInt16(Float32Array.of(1, -1, 1.5, -7, Number.NaN))]).toEqual([32_767, -32_768, 32_767, -32_768, 0]);
});
