import { checkKeys, createOperator, type VideoFrame } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { checkMs } from '../options/check-option.ts';
import { exactFrameRate, type FrameRate, frameTime } from '../options/exact-frame-rate.ts';
import { SilenceFiller } from './picture/silence-filler.ts';

/** When {@link repeatLast} shows the last picture again. */
export interface RepeatLastOptions {
  /** Pictures per second while the input is silent. Default 30. */
  readonly frameRate?: FrameRate;
  /** How long the input is silent before the first repeat, in milliseconds. Default two frames at `frameRate`. */
  readonly afterMs?: number;
  /** For how long a silence is filled, in milliseconds. Default for ever. */
  readonly maxMs?: number;
}

/** A running `repeatLast`: the operator itself, and its counter. */
export interface RepeatLastOperator extends OperatorFunction<VideoFrame, VideoFrame> {
  /** Repeats of the latest subscription, until now. */
  readonly repeated: number;
}

/**
 * Shows the last picture again while a live input is silent: a receiver, a recorder or an encoder that wants pictures all
 * the time gets them.
 *
 * By the clock: the first repeat leaves `afterMs` after the last picture came, further ones at `frameRate` on an absolute
 * schedule. Repeats stand on the bytes of the picture; their timestamps go on from it as the clock does. A picture that
 * comes with a timestamp that repeats have taken is shown 1 microsecond after them; one that is back by more than a second
 * begins anew. None leaves while the receiver has no
 * room. An interruption ends the repeats until the next picture. The end of the input is the end. Keeps one picture. Adds
 * no latency.
 *
 * @example
 * ```ts
 * fromParticipantVideo(client, id).pipe(repeatLast({ frameRate: 15, maxMs: 5_000 })).subscribe(toMjpeg());
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range.
 * @see frameRate by timestamps, blank
 */
export function repeatLast(options: RepeatLastOptions = {}): RepeatLastOperator {
  checkKeys<RepeatLastOptions>('repeatLast', options, { frameRate: true, afterMs: true, maxMs: true });
  const rate = exactFrameRate(options.frameRate ?? 30, 'repeatLast.frameRate');
  const { afterMs = (2 * frameTime(1, rate)) / 1000, maxMs = Number.POSITIVE_INFINITY } = options;
  checkMs('repeatLast.afterMs', afterMs);
  if (maxMs !== Number.POSITIVE_INFINITY) checkMs('repeatLast.maxMs', maxMs, Number.MAX_SAFE_INTEGER);
  let latest: SilenceFiller | undefined;

  const operator = createOperator<VideoFrame, VideoFrame>({ name: 'repeatLast' }, (destination, context) => {
    const picture = (last: VideoFrame) => last.clone();
    const filler = new SilenceFiller(destination, context, { rate, afterMs, maxMs, picture });
    latest = filler;
    const stopListening = context.onInterrupt((interruption) => filler.interrupt(interruption));
    return {
      next: (frame) => filler.take(frame),
      teardown() {
        stopListening();
        filler.close();
      },
    };
  });
  Object.defineProperty(operator, 'repeated', { get: () => latest?.filled ?? 0, enumerable: true });
  return operator as RepeatLastOperator;
}
