import { createStep, type Frame, type Micros, microsToMillis } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';

/** What has passed, over all subscriptions of the operator. */
export interface MeterReading {
  /** Frames that passed. */
  readonly frames: number;
  /** Media that passed, in milliseconds. */
  readonly mediaMs: number;
  /** Gaps that passed, and the media missing in them in milliseconds. */
  readonly gaps: number;
  /** Media that is missing in the gaps, in milliseconds. */
  readonly missingMs: number;
  /** Media time of the latest frame; undefined before the first. */
  readonly timestamp: Micros | undefined;
  /** Clock time between the first and the latest frame, in milliseconds. */
  readonly elapsedMs: number;
  /** The longest clock time between two frames, in milliseconds. */
  readonly longestWaitMs: number;
}

/** A running meter: the operator itself, and its counters. */
export interface MeterOperator<F extends Frame> extends OperatorFunction<F, F> {
  /** The counters, now. */
  read(): MeterReading;
}

/**
 * Counts what passes: frames, media, gaps, and how they are spread over time. Costs a few additions per frame; the
 * counters are read when somebody asks. Adds no latency.
 *
 * @example
 * ```ts
 * const heard = meter<AudioFrame>();
 * source.pipe(heard).subscribe(toMicrophone(mic));
 * heard.read().mediaMs;
 * ```
 * @see level for how loud it is, tap for looking at frames
 */
export function meter<F extends Frame>(): MeterOperator<F> {
  const counted = { frames: 0, mediaMicros: 0, gaps: 0, missingMicros: 0, first: 0, last: 0, longestWaitMs: 0 };
  let timestamp: Micros | undefined;

  const operator = createStep<F, F>({ name: 'meter' }, ({ clock }) => ({
    next(frame) {
      const now = clock.now();
      if (counted.frames === 0) counted.first = now;
      else counted.longestWaitMs = Math.max(counted.longestWaitMs, now - counted.last);
      counted.last = now;
      counted.frames++;
      counted.mediaMicros += frame.duration ?? 0;
      timestamp = frame.timestamp;
      if (frame.gap !== undefined) {
        counted.gaps++;
        counted.missingMicros += frame.gap.duration;
      }
      return frame;
    },
  }));
  const read = (): MeterReading => ({
    frames: counted.frames,
    mediaMs: microsToMillis(counted.mediaMicros),
    gaps: counted.gaps,
    missingMs: microsToMillis(counted.missingMicros),
    timestamp,
    elapsedMs: counted.last - counted.first,
    longestWaitMs: counted.longestWaitMs,
  });
  return Object.assign(operator, { read });
}
