import type { Biquad } from './biquad.ts';

/** What a band of an equalizer may be. */
export const equalizerBandTypes = ['peaking', 'low-shelf', 'high-shelf', 'low-pass', 'high-pass', 'notch'] as const;
/**
 * What a band does: raise or lower what is around its frequency, below it or above it by `db`; or take away what is above it,
 * below it, or at it.
 */
export type EqualizerBandType = (typeof equalizerBandTypes)[number];

/** One filter of an equalizer. */
export interface EqualizerBand {
  /** What it does to the sound. */
  readonly type: EqualizerBandType;
  /** Centre of `peaking` and `notch`, corner of the others, in Hz, 1 to 384,000. */
  readonly frequency: number;
  /** By how much `peaking` and shelves raise it, in dB, -40 to 40. Default 0. Without effect on the others. */
  readonly db?: number;
  /** Quality, 0.05 to 50: the higher, the narrower or steeper. Default 1 for `peaking`, 30 for `notch`, else 0.7071. */
  readonly q?: number;
}

/** What leaves everything as it is. */
export const flat: Biquad = { b0: 1, b1: 0, b2: 0, a1: 0, a2: 0 };

/** The filter of a band at a rate (R. Bristow-Johnson, Audio EQ Cookbook). */
export function bandFilter(band: EqualizerBand, sampleRate: number): Biquad {
  const { type, db = 0 } = band;
  const place = band.frequency / sampleRate;
  // Above the band of the sound there is nothing to raise, lower or take away.
  if (place > 0.49 && type !== 'high-pass' && type !== 'low-shelf') return flat;
  const omega = 2 * Math.PI * Math.min(place, 0.49);
  const cos = Math.cos(omega);
  const { q = type === 'peaking' ? 1 : type === 'notch' ? 30 : Math.SQRT1_2 } = band;
  const alpha = Math.sin(omega) / (2 * q);
  const a = 10 ** (db / 40);
  switch (type) {
    case 'peaking':
      return over(1 + alpha / a, 1 + alpha * a, -2 * cos, 1 - alpha * a, -2 * cos, 1 - alpha / a);
    case 'low-pass':
      return over(1 + alpha, (1 - cos) / 2, 1 - cos, (1 - cos) / 2, -2 * cos, 1 - alpha);
    case 'high-pass':
      return over(1 + alpha, (1 + cos) / 2, -1 - cos, (1 + cos) / 2, -2 * cos, 1 - alpha);
    case 'notch':
      return over(1 + alpha, 1, -2 * cos, 1, -2 * cos, 1 - alpha);
    default:
      return shelf(a, type === 'low-shelf' ? cos : -cos, 2 * Math.sqrt(a) * alpha, type === 'low-shelf' ? 1 : -1);
  }
}

/** Both shelves: a high one is a low one with the frequencies turned round. */
function shelf(a: number, cos: number, slope: number, turn: 1 | -1): Biquad {
  return over(
    a + 1 + (a - 1) * cos + slope,
    a * (a + 1 - (a - 1) * cos + slope),
    turn * 2 * a * (a - 1 - (a + 1) * cos),
    a * (a + 1 - (a - 1) * cos - slope),
    turn * -2 * (a - 1 + (a + 1) * cos),
    a + 1 + (a - 1) * cos - slope,
  );
}

function over(a0: number, b0: number, b1: number, b2: number, a1: number, a2: number): Biquad {
  return { b0: b0 / a0, b1: b1 / a0, b2: b2 / a0, a1: a1 / a0, a2: a2 / a0 };
}
