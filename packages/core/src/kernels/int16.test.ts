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

test('what is NaN or infinite is silence and counted once a frame, also where infinities would cancel each other', () => {
  const counted: number[] = [];
  const convert = (values: Float32Array | Float64Array) => [...floatToInt16(values, (count) => counted.push(count))];
  const [plus, minus] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  expect(convert(Float32Array.of(0.5, plus, minus, Number.NaN, -0.5))).toEqual([16_384, 0, 0, 0, -16_384]);
  expect(convert(Float64Array.of(minus))).toEqual([0]);
  // So large that their sum is infinite, and yet numbers.
  expect(convert(Float64Array.of(1.7e308, 1.7e308))).toEqual([32_767, 32_767]);
  expect(convert(new Float32Array(0))).toEqual([]);
  expect(counted).toEqual([3, 1]);
});
