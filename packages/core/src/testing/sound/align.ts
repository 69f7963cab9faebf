import { checkKeys, type KeysOf } from '../../check-keys.ts';
import { invalidArgument } from '../../errors.ts';
import { crossCorrelation } from './fourier.ts';

/** How far {@link align} searches. */
export interface AlignOptions {
  /** The largest shift looked at, in samples, either way. Default: every shift with an overlap. */
  readonly maxLag?: number;
  /** Also finds the fraction of a sample. Default false: `lag` is a whole number. */
  readonly subSample?: boolean;
}

/** The keys of `AlignOptions`, for those that extend them. */
export const alignKeys = { maxLag: true, subSample: true } as const satisfies KeysOf<AlignOptions>;

/** Where a reference lies in what was received. */
export interface Alignment {
  /** `received[n + lag]` is what `reference[n]` became: positive if `received` is late. In samples. */
  readonly lag: number;
  /** What the reference must be multiplied with to be nearest to the received signal; negative if it is inverted. */
  readonly gain: number;
  /** -1 to 1 over the overlap: 1 for the same signal, about 0 for unrelated ones. */
  readonly correlation: number;
}

/**
 * Finds where a received signal holds a reference, by cross-correlation over all shifts at once (FFT). Both are one
 * channel at one sample rate; `received` may be longer, shorter, earlier, later, louder or quieter. A steady tone fits
 * at every period: give it an onset, use noise or speech, or set `maxLag`.
 */
export function align(reference: Int16Array, received: Int16Array, options: AlignOptions = {}): Alignment {
  checkKeys<AlignOptions>('align', options, alignKeys);
  if (reference.length === 0) throw invalidArgument('reference', 'at least one sample', reference);
  if (received.length === 0) throw invalidArgument('received', 'at least one sample', received);
  const lag = bestLag(reference, received, options.maxLag ?? Number.POSITIVE_INFINITY);
  const { shifted, target } = overlap(reference, received, lag);
  if (options.subSample !== true) return { lag, ...compare(shifted, target) };
  const fraction = fineLag(shifted, target);
  return { lag: lag + fraction, ...compare(delay(shifted, fraction), target) };
}

function bestLag(reference: Int16Array, received: Int16Array, maxLag: number): number {
  const correlation = crossCorrelation(reference, received);
  const first = Math.max(-maxLag, 1 - reference.length);
  const last = Math.min(maxLag, received.length - 1);
  let highest = 0;
  let lowest = 0;
  const at = (lag: number) => correlation[lag < 0 ? correlation.length + lag : lag]!;
  for (let lag = first; lag <= last; lag++) {
    if (at(lag) > at(highest)) highest = lag;
    if (at(lag) < at(lowest)) lowest = lag;
  }
  // A steady tone is its own inverse half a period on: only a clear win counts as an inverted signal.
  return -at(lowest) > 1.2 * at(highest) ? lowest : highest;
}

/** The parts of both signals that lie over each other at a whole `lag`. */
export function overlap(
  reference: Int16Array,
  received: Int16Array,
  lag: number,
): { readonly shifted: Float64Array; readonly target: Float64Array } {
  const start = Math.max(0, -lag);
  const end = Math.min(reference.length, received.length - lag);
  return {
    shifted: Float64Array.from(reference.subarray(start, end)),
    target: Float64Array.from(received.subarray(start + lag, end + lag)),
  };
}

function compare(shifted: Float64Array, target: Float64Array): { gain: number; correlation: number } {
  let cross = 0;
  let sent = 0;
  let heard = 0;
  for (let index = 0; index < shifted.length; index++) {
    cross += shifted[index]! * target[index]!;
    sent += shifted[index]! ** 2;
    heard += target[index]! ** 2;
  }
  if (sent === 0 || heard === 0) return { gain: 0, correlation: 0 };
  return { gain: cross / sent, correlation: cross / Math.sqrt(sent * heard) };
}

/** Least squares on the remaining delay, from -1 to 1 sample: Newton steps along the signal's derivative. */
function fineLag(shifted: Float64Array, target: Float64Array): number {
  let fraction = 0;
  for (let round = 0; round < 6; round++) {
    const moved = delay(shifted, fraction);
    const before = delay(shifted, fraction - 0.01);
    const after = delay(shifted, fraction + 0.01);
    const { gain } = compare(moved, target);
    let slopeEnergy = 0;
    let slopeError = 0;
    for (let index = 0; index < moved.length; index++) {
      const slope = (gain * (after[index]! - before[index]!)) / 0.02;
      slopeEnergy += slope * slope;
      slopeError += slope * (target[index]! - gain * moved[index]!);
    }
    if (slopeEnergy === 0) return 0;
    const step = slopeError / slopeEnergy;
    fraction = Math.min(1, Math.max(-1, fraction + step));
    if (Math.abs(step) < 1e-6) break;
  }
  return fraction;
}

const HALF_TAPS = 32;

/** The signal `fraction` of a sample later, by a Blackman-windowed sinc of 64 taps. Zero is assumed around it. */
export function delay(signal: Float64Array, fraction: number): Float64Array {
  if (fraction === 0) return signal;
  const taps = new Float64Array(2 * HALF_TAPS + 1);
  for (let tap = -HALF_TAPS; tap <= HALF_TAPS; tap++) {
    const x = tap - fraction;
    const window =
      0.42 + 0.5 * Math.cos((Math.PI * x) / (HALF_TAPS + 1)) + 0.08 * Math.cos((2 * Math.PI * x) / (HALF_TAPS + 1));
    taps[tap + HALF_TAPS] = (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)) * window;
  }
  const result = new Float64Array(signal.length);
  for (let index = 0; index < signal.length; index++) {
    const first = Math.max(-HALF_TAPS, index - signal.length + 1);
    const last = Math.min(HALF_TAPS, index);
    let sum = 0;
    for (let tap = first; tap <= last; tap++) sum += signal[index - tap]! * taps[tap + HALF_TAPS]!;
    result[index] = sum;
  }
  return result;
}
