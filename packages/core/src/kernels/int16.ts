/** Rounds to nearest (halves up) and clamps to the range of a signed 16-bit sample. */
export function toInt16(value: number): number {
  const rounded = Math.floor(value + 0.5);
  return rounded > 32767 ? 32767 : Math.max(rounded, -32768);
}

/** Samples of -1 to 1 as s16; what lies outside is clamped, NaN becomes silence. The array is fresh. */
export function floatToInt16(input: Float32Array | Float64Array): Int16Array {
  const output = new Int16Array(input.length);
  for (let i = 0; i < input.length; i++) output[i] = toInt16(input[i]! * 32768);
  return output;
}

/** Samples of s16 as -1 to just below 1. The array is fresh. */
export function int16ToFloat(input: Int16Array): Float32Array {
  const output = new Float32Array(input.length);
  for (let i = 0; i < input.length; i++) output[i] = input[i]! / 32768;
  return output;
}
