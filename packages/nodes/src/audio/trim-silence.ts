import { type AudioFrame, checkKeys, createOperator } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { checkBoolean, checkMs, checkNumber } from '../options/check-option.ts';
import { SilenceTrimmer } from './silence-trimmer.ts';

/** Which silence {@link trimSilence} takes away. */
export interface TrimSilenceOptions {
  /** Whether silence before the first sound goes. Default true. */
  readonly leading?: boolean;
  /** Whether silence after the last sound goes. Default true. */
  readonly trailing?: boolean;
  /** Pauses longer than this are cut down to it, in milliseconds; at least `padMs`. Default: pauses stay. */
  readonly maxPauseMs?: number;
  /** What is silent: no sample exceeds it, in dBFS. Default -50. */
  readonly thresholdDb?: number;
  /** Silence that stays on both sides of sound, in milliseconds. Default 20. */
  readonly padMs?: number;
  /** Silence that may be kept back until it is known how it ends, in milliseconds; more leaves. Default 10,000. */
  readonly maxHeldMs?: number;
}

/**
 * Takes silence away at the beginning, at the end and, if asked, from long pauses.
 *
 * To the sample, and without a gap: later timestamps move up. Sound leaves at once; silence after it is kept back until
 * sound follows or the stream ends, `maxHeldMs` at most. Frames leave in lengths of their own, put `rechunk` behind.
 * Gaps stay where they are. An interruption drops what is kept and begins anew. Adds no latency to sound.
 *
 * @example
 * ```ts
 * fromWavFile('talk.wav').pipe(trimSilence({ maxPauseMs: 400 }), rechunk({ ms: 20 }), pace()).subscribe(toMicrophone(mic));
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see valve
 */
export function trimSilence(options: TrimSilenceOptions = {}): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<TrimSilenceOptions>('trimSilence', options, {
    leading: true,
    trailing: true,
    maxPauseMs: true,
    thresholdDb: true,
    padMs: true,
    maxHeldMs: true,
  });
  const { leading = true, trailing = true, maxPauseMs, thresholdDb = -50, padMs = 20, maxHeldMs = 10_000 } = options;
  checkBoolean('trimSilence.leading', leading);
  checkBoolean('trimSilence.trailing', trailing);
  checkNumber('trimSilence.thresholdDb', thresholdDb, { min: -120, max: 0, unit: 'dBFS' });
  checkMs('trimSilence.padMs', padMs, 60_000);
  checkMs('trimSilence.maxHeldMs', maxHeldMs, 600_000);
  if (maxPauseMs !== undefined)
    checkNumber('trimSilence.maxPauseMs', maxPauseMs, { min: padMs, max: 600_000, unit: 'ms' });

  return createOperator<AudioFrame, AudioFrame>({ name: 'trimSilence', restamps: true }, (destination, context) => {
    const trimmer = new SilenceTrimmer(destination, { leading, trailing, maxPauseMs, thresholdDb, padMs, maxHeldMs });
    const stopListening = context.onInterrupt((interruption) => trimmer.interrupt(interruption));
    return {
      next: (frame) => trimmer.take(frame),
      complete() {
        trimmer.end();
        destination.complete();
      },
      teardown: stopListening,
    };
  });
}
