import { checkKeys } from '../../check-keys.ts';
import { type Alignment, type AlignOptions, align, alignKeys, delay, overlap } from './align.ts';

/** How much of what was received is the reference: a signal-to-noise ratio in dB. */
export interface SnrMeasurement extends Alignment {
  /** Power of the received reference over the power of the difference, in dB. `Infinity` if nothing differs. */
  readonly snr: number;
  /** Samples that were compared. */
  readonly compared: number;
}

/** Samples left out at both ends of the overlap when a fraction of a sample is corrected: the interpolator's reach. */
const EDGE = 33;

/**
 * How far a received signal is from its reference, after alignment and with the best gain: what is left is noise,
 * distortion, gaps and clicks. Only the overlap is compared, so check `compared` (or the length) where the end matters.
 */
export function snr(reference: Int16Array, received: Int16Array, options: AlignOptions = {}): SnrMeasurement {
  checkKeys<AlignOptions>('snr', options, alignKeys);
  const alignment = align(reference, received, options);
  const whole = Math.round(alignment.lag);
  const fraction = alignment.lag - whole;
  const { shifted, target } = overlap(reference, received, whole);
  const moved = delay(shifted, fraction);
  const edge = fraction === 0 ? 0 : EDGE;
  let signal = 0;
  let noise = 0;
  for (let index = edge; index < moved.length - edge; index++) {
    const expected = alignment.gain * moved[index]!;
    signal += expected ** 2;
    noise += (target[index]! - expected) ** 2;
  }
  const ratio = signal === 0 ? Number.NEGATIVE_INFINITY : 10 * Math.log10(signal / noise);
  return { ...alignment, snr: ratio, compared: Math.max(0, moved.length - 2 * edge) };
}
