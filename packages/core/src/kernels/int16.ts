import { invalidSamples } from '../media/invalid-samples.ts';

/** Rounds to nearest (halves up) and clamps to the range of a signed 16-bit sample. */
export function toInt16(value: number): number {
  const rounded = Math.floor(value + 0.5);
  return rounded > 32767 ? 32767 : Math.max(rounded, -32768);
}

/**
 * Samples of -1 to 1 as s16; what lies outside is clamped. What is NaN or infinite becomes silence and is counted: by the
 * node whose code runs, or by `found`, which code that was awaited takes from its context (`context.countInvalid`). The
 * array is fresh.
 */
export function floatToInt16(
  input: Float32Array | Float64Array,
  found: (count: number) => void = invalidSamples.found,
): Int16Array {
  const output = new Int16Array(input.length);
  let sum = 0;
  for (let i = 0; i < input.length; i++) {
    const value = input[i]!;
    sum += value;
    output[i] = toInt16(value * 32768);
  }
  // One look for all of them: whatever is not finite makes the sum so.
  if (Number.isFinite(sum)) return output;
  let count = 0;
  for (let i = 0; i < input.length; i++) {
    if (Number.isFinite(input[i])) continue;
    output[i] = 0;
    count++;
  }
  if (count > 0) found(count);
  return output;
}

/** Samples of s16 as -1 to just below 1. The array is fresh. */
export function int16ToFloat(input: Int16Array): Float32Array {
  const output = new Float32Array(input.length);
  for (let i = 0; i < input.length; i++) output[i] = input[i]! / 32768;
  return output;
}
