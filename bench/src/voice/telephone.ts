import { resampled } from './resampled.ts';

/** Added before the logarithm, and the largest magnitude that is coded (ITU-T G.711). */
const BIAS = 132;
const LARGEST = 32_635;

/** 16 kHz through a telephone: 8 kHz, G.711 mu-law there and back, 16 kHz again. */
export function throughTelephone(samples: Int16Array): Int16Array {
  const narrow = resampled(samples, 16_000, 8_000).map((sample) => fromMuLaw(toMuLaw(sample)));
  return resampled(narrow, 8_000, 16_000);
}

/** A sample as the eight bits of G.711: sign, three of exponent, four of mantissa, all inverted. */
export function toMuLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), LARGEST) + BIAS;
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

export function fromMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7)) - BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
}
