// Operators for media of any kind: pacing, looping, branching, switching, joining. Knows neither the audio nor the
// video room.

import { type AudioFrame, checkKeys, createOperator, withCredit } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { checkChoice, checkMs, checkNumber } from '../options/check-option.ts';
import { type PacedFrame, Pacer, type PaceStatistics } from './pacer.ts';

/** How far ahead {@link pace} lets frames leave, and what it does after a stall. */
export interface PaceOptions {
  /**
   * How far ahead of real time frames leave, for the receiver to ride out stalls. Milliseconds, default 60 for
   * sound, 0 for pictures.
   */
  readonly cushionMs?: number;
  /** A stall longer than this begins the schedule anew instead of catching up. Milliseconds, default 200. */
  readonly reanchorMs?: number;
  /** Frames that may wait before the source is held back. Default 10. */
  readonly maxHeld?: number;
  /**
   * Media that may wait when the source cannot be held back, in milliseconds; more is an error. Default 60,000 for
   * sound, 1,000 for pictures.
   */
  readonly maxQueuedMs?: number;
  /** Whether a gap takes its time on the schedule (`keep`) or the next frame follows at once (`skip`). Default `keep`. */
  readonly gaps?: 'keep' | 'skip';
}

/** A running pacer: the operator itself, and its counters. */
export interface PaceOperator<F extends PacedFrame = AudioFrame> extends OperatorFunction<F, F> {
  /** The counters of the latest subscription, now. */
  statistics(): PaceStatistics;
}

const nothingYet: PaceStatistics = {
  frames: 0,
  mediaMs: 0,
  queuedMs: 0,
  underruns: 0,
  maxLatenessMs: 0,
  reanchors: 0,
  droppedMs: 0,
};

/**
 * Lets frames go at the speed at which they are played.
 *
 * The first frame leaves at once; each further one is due `cushionMs` before the instant at which the media before it
 * has been played, on an absolute schedule by the injected clock that comes from sample counts, of pictures from their
 * timestamps, and never drifts. Pictures whose timestamps go back follow the last one. No frame leaves early and none
 * overtakes another. After a stall of up to `reanchorMs` what is due leaves in one burst;
 * after a longer one, or a pause of the source, the schedule begins anew. While `maxHeld` frames wait, the source is
 * held back, in a graph and by itself. An interruption drops what waits; a receiver that has nothing left to play is
 * given a short fade of what came next. Frames pass untouched. Latency: none for a source in real time.
 *
 * @example
 * ```ts
 * bot.from(fromWavFile('greeting.wav')).pipe(resample({ sampleRate: 16000 }), pace()).to(toMicrophone(mic));
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see rechunk, delay
 */
export function pace<F extends PacedFrame = AudioFrame>(options: PaceOptions = {}): PaceOperator<F> {
  checkKeys<PaceOptions>('pace', options, {
    cushionMs: true,
    reanchorMs: true,
    maxHeld: true,
    maxQueuedMs: true,
    gaps: true,
  });
  const { cushionMs, reanchorMs = 200, maxHeld = 10, maxQueuedMs, gaps = 'keep' } = options;
  if (cushionMs !== undefined) checkMs('pace.cushionMs', cushionMs, 60_000);
  checkMs('pace.reanchorMs', reanchorMs, 60_000);
  if (maxQueuedMs !== undefined) checkMs('pace.maxQueuedMs', maxQueuedMs);
  checkNumber('pace.maxHeld', maxHeld, { min: 1, max: 10_000, unit: 'frames', integer: true });
  checkChoice('pace.gaps', gaps, ['keep', 'skip']);
  let latest: Pacer<F> | undefined;

  const operator = createOperator<F, F>({ name: 'pace', maxHeld }, (destination, context) => {
    const pacer = new Pacer(destination, context, { cushionMs, reanchorMs, maxQueuedMs, gaps });
    latest = pacer;
    const stopListening = context.onInterrupt((interruption) => pacer.interrupt(interruption));
    return {
      next: (frame) => pacer.take(frame),
      complete: () => pacer.end(),
      teardown() {
        stopListening();
        pacer.close();
      },
    };
  });
  const statistics = (): PaceStatistics => (latest === undefined ? nothingYet : { ...latest.statistics });
  return Object.assign(withCredit(maxHeld, operator), { statistics });
}
