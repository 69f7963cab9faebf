import { checkKeys } from '../../check-keys.ts';
import { outOfRange } from '../../errors.ts';

/** Frequency, length and level of a tone. */
export interface TestToneOptions {
  /** Hz. */
  readonly sampleRate: number;
  /** Hz. */
  readonly frequency: number;
  /** Milliseconds. */
  readonly durationMs: number;
  /** Peak in sample units, 0 to 32,767. Default 10,000. */
  readonly amplitude?: number;
  /** Radians at the first sample. Default 0. */
  readonly phase?: number;
}

/** One channel of a sine, rounded to 16 bit and to whole samples of length. Throws RangeError for an amplitude beyond 0 to 32,767. */
export function testTone(options: TestToneOptions): Int16Array {
  checkKeys<TestToneOptions>('testTone', options, {
    sampleRate: true,
    frequency: true,
    durationMs: true,
    amplitude: true,
    phase: true,
  });
  const { sampleRate, frequency, durationMs, amplitude = 10_000, phase = 0 } = options;
  if (!(amplitude >= 0 && amplitude <= 32_767)) throw outOfRange('amplitude', '0 to 32767', amplitude);
  const omega = (2 * Math.PI * frequency) / sampleRate;
  return Int16Array.from({ length: Math.round((sampleRate * durationMs) / 1000) }, (_, index) =>
    Math.round(amplitude * Math.sin(omega * index + phase)),
  );
}

/** Uniform numbers from 0 (inclusive) to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Length and level of a noise that is the same each time. */
export interface TestNoiseOptions {
  /** Samples. */
  readonly length: number;
  /** Largest magnitude in sample units, 0 to 32,767. Default 10,000. */
  readonly amplitude?: number;
  /** The same seed gives the same samples. Default 1. */
  readonly seed?: number;
}

/** One channel of uniform white noise, the same for the same seed. Throws RangeError for an amplitude beyond 0 to 32,767. */
export function testNoise(options: TestNoiseOptions): Int16Array {
  checkKeys<TestNoiseOptions>('testNoise', options, { length: true, amplitude: true, seed: true });
  const { length, amplitude = 10_000, seed = 1 } = options;
  if (!(amplitude >= 0 && amplitude <= 32_767)) throw outOfRange('amplitude', '0 to 32767', amplitude);
  const random = seededRandom(seed);
  return Int16Array.from({ length }, () => Math.round((2 * random() - 1) * amplitude));
}
