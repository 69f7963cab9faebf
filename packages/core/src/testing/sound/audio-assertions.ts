// What tests hear: tones, levels, gaps, clicks, delays, measured in samples. No stream.

import { AssertionError } from 'node:assert';
import { checkKeys } from '../../check-keys.ts';
import { type AlignOptions, alignKeys } from './align.ts';
import { type FindGapsOptions, findGaps, findGapsKeys, type GapReport } from './find-gaps.ts';
import { peak, toDbfs } from './levels.ts';
import { measureTone, type ToneMeasurement } from './measure-tone.ts';
import { type SnrMeasurement, snr } from './snr.ts';
import { type ToneContinuity, toneContinuity } from './tone-continuity.ts';

/** Which tone {@link expectTone} wants to hear, and how exactly. */
export interface ExpectToneOptions {
  /** Hz. */
  readonly sampleRate: number;
  /** Hz. */
  readonly frequency: number;
  /** Largest distance from `frequency`, in Hz. Default 1. */
  readonly withinHz?: number;
  /** Expected peak amplitude in dBFS; not checked if absent. */
  readonly amplitude?: number;
  /** Largest distance from `amplitude`, in dB. Default 0.5. */
  readonly withinDb?: number;
  /** The lowest SNR that passes, in dB; not checked if absent. */
  readonly minSnr?: number;
  /** Also fails on skips, repeats, clicks and dropouts. Default false. */
  readonly continuous?: boolean;
}

/**
 * Fails unless one channel holds the tone. Returns what was measured.
 *
 * @throws AssertionError with the figures.
 */
export function expectTone(samples: Int16Array, options: ExpectToneOptions): ToneMeasurement {
  checkKeys<ExpectToneOptions>('expectTone', options, {
    sampleRate: true,
    frequency: true,
    withinHz: true,
    amplitude: true,
    withinDb: true,
    minSnr: true,
    continuous: true,
  });
  const { sampleRate, frequency, withinHz = 1, withinDb = 0.5 } = options;
  const measured = measureTone(samples, sampleRate, frequency);
  const figures = `${db(measured.amplitude)} dBFS, SNR ${db(measured.snr)} dB, at ${measured.frequency.toFixed(3)} Hz`;
  if (!(measured.amplitude > -100)) fail(`no tone of ${frequency} Hz: ${figures}`, measured, options);
  if (!(Math.abs(measured.frequency - frequency) <= withinHz))
    fail(`expected a tone of ${frequency} Hz within ${withinHz} Hz; measured ${figures}`, measured, options);
  if (options.amplitude !== undefined && !(Math.abs(measured.amplitude - options.amplitude) <= withinDb))
    fail(`expected ${options.amplitude} dBFS within ${withinDb} dB; measured ${figures}`, measured, options);
  if (options.minSnr !== undefined && !(measured.snr >= options.minSnr))
    fail(`expected an SNR of at least ${options.minSnr} dB; measured ${figures}`, measured, options);
  if (options.continuous === true) expectContinuousTone(samples, options);
  return measured;
}

function expectContinuousTone(samples: Int16Array, options: ExpectToneOptions): void {
  const continuity: ToneContinuity = toneContinuity(samples, {
    sampleRate: options.sampleRate,
    frequency: options.frequency,
  });
  const first = continuity.breaks[0];
  if (first === undefined) return;
  const list = continuity.breaks.slice(0, 5).map((found) => `${found.kind} at ${found.position}`);
  fail(`expected a continuous tone; found ${continuity.count} break(s): ${list.join(', ')}`, continuity.breaks, []);
}

/** What {@link expectNoGaps} lets pass. */
export interface ExpectNoGapsOptions extends FindGapsOptions {
  /** The longest gap that passes, in milliseconds. Default: none does. */
  readonly maxGapMs?: number;
}

/**
 * Fails if one channel has a silent run of `minMs` or more (and more than `maxGapMs`). Returns what was found.
 *
 * @throws AssertionError with positions and lengths.
 */
export function expectNoGaps(samples: Int16Array, options: ExpectNoGapsOptions): GapReport {
  checkKeys<ExpectNoGapsOptions>('expectNoGaps', options, {
    ...findGapsKeys,
    maxGapMs: true,
  });
  const { maxGapMs = 0, ...find } = options;
  const report = findGaps(samples, find);
  const tooLong = report.gaps.filter((gap) => gap.durationMs > maxGapMs);
  if (samples.length === 0) fail('expected audio without gaps; received no samples', 0, options);
  if (tooLong.length === 0) return report;
  const list = tooLong.slice(0, 5).map((gap) => `${gap.durationMs.toFixed(1)} ms at ${gap.startMs.toFixed(1)} ms`);
  return fail(`expected no gaps; found ${tooLong.length}: ${list.join(', ')}`, tooLong, []);
}

/** What {@link expectSilence} lets pass. */
export interface ExpectSilenceOptions {
  /** The highest peak that passes, in dBFS. Default -80 (3 LSB). */
  readonly maxDbfs?: number;
}

/**
 * Fails if any sample is louder than allowed. Returns the peak in dBFS.
 *
 * @throws AssertionError with the peak and where it is.
 */
export function expectSilence(samples: Int16Array, options: ExpectSilenceOptions = {}): number {
  checkKeys<ExpectSilenceOptions>('expectSilence', options, { maxDbfs: true });
  const { maxDbfs = -80 } = options;
  const highest = peak(samples);
  const level = toDbfs(highest);
  if (level <= maxDbfs) return level;
  const position = samples.findIndex((sample) => Math.abs(sample) === highest);
  return fail(`expected at most ${maxDbfs} dBFS; peak ${db(level)} dBFS at sample ${position}`, level, maxDbfs);
}

/** What {@link expectSnr} lets pass. */
export interface ExpectSnrOptions extends AlignOptions {
  /** The lowest SNR that passes, in dB. */
  readonly minDb: number;
  /** The smallest part of the reference that must have been compared, 0 to 1. Default 0.9. */
  readonly minOverlap?: number;
}

/**
 * Fails unless the received channel is the reference but for a shift, a gain and little noise. Returns what was
 * measured.
 *
 * @throws AssertionError with SNR, lag, gain and correlation.
 */
export function expectSnr(reference: Int16Array, received: Int16Array, options: ExpectSnrOptions): SnrMeasurement {
  checkKeys<ExpectSnrOptions>('expectSnr', options, { minDb: true, minOverlap: true, ...alignKeys });
  const { minDb, minOverlap = 0.9, ...aligning } = options;
  const measured = snr(reference, received, aligning);
  const figures = `SNR ${db(measured.snr)} dB, lag ${measured.lag.toFixed(2)}, gain ${measured.gain.toFixed(3)}, correlation ${measured.correlation.toFixed(4)}`;
  if (!(measured.snr >= minDb)) fail(`expected an SNR of at least ${minDb} dB; measured ${figures}`, measured, options);
  if (measured.compared < minOverlap * reference.length)
    fail(`only ${measured.compared} of ${reference.length} samples were received; ${figures}`, measured, options);
  return measured;
}

function db(value: number): string {
  return value.toFixed(1);
}

function fail(message: string, actual: unknown, expected: unknown): never {
  throw new AssertionError({ message, actual, expected, operator: 'audio' });
}
