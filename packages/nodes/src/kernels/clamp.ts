// Arithmetic on samples, planes and pixels that only nodes need, with its WebAssembly. No option, stream or life of
// a frame; what transport needs too is in core.

/** The nearest 16-bit sample, ties away from zero. Clamps, where an `Int16Array` would wrap into a full-scale click. */
export function toSample(value: number): number {
  if (value >= 32_767) return 32_767;
  if (value <= -32_768) return -32_768;
  return (value < 0 ? value - 0.5 : value + 0.5) | 0;
}

/** A gain in decibels as a factor. `-Infinity` is 0. */
export function decibelsToGain(db: number): number {
  return 10 ** (db / 20);
}
