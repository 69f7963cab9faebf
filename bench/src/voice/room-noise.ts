import { testNoise } from '@sluice/core/testing';
import { RATE } from './rate.ts';

/** Next to silence, 16 kHz: no microphone gives zeros, and recognisers are not made for them. */
export function roomNoise(ms: number): Int16Array {
  return testNoise({ length: (RATE * ms) / 1_000, amplitude: 8 });
}
