import { createOperator, type VideoFrame } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { exactFrameRate, type FrameRate } from '../options/exact-frame-rate.ts';
import { FrameRateConverter, type FrameRateStatistics } from './picture/frame-rate-converter.ts';

/** A running rate converter: the operator itself, and its counters. */
export interface FrameRateOperator extends OperatorFunction<VideoFrame, VideoFrame> {
  /** The counters of the latest subscription, now. */
  statistics(): FrameRateStatistics;
}

const nothingYet: FrameRateStatistics = { received: 0, emitted: 0, repeated: 0, dropped: 0, restarts: 0 };

/**
 * Brings pictures to a constant rate: repeats and drops by timestamp, never by counting.
 *
 * The first frame begins the grid; frame n of the output stands at `n / rate` seconds after it, rounded once. Each picture
 * has the place nearest to its timestamp and is shown up to the place of the next one, so nothing drifts and no picture is
 * off by more than half a frame; of two in one place the nearer stays. Repeats stand on the same bytes. A frame that comes
 * after its place was taken is dropped; one whose timestamp is back by more than a second, or more than a minute after the
 * end of the one before, begins a new grid. Colours, sizes and changes of both pass; a gap stays on the first frame of its picture. The last
 * picture is shown for as long as its duration says, once at least, unless its place begins only when it is over: what
 * comes out is as long as what came in, to less than a frame. An interruption drops the picture that waits. Adds one frame
 * of the input of latency, because only the next one tells how long a picture is shown.
 *
 * It goes by media time and so never invents a picture while a live source is silent: that is `repeatLast`.
 *
 * @example
 * ```ts
 * fromParticipantVideo(client, id).pipe(frameRate(25)).subscribe(toY4mFile('they.y4m'));
 * ```
 * @param rate Frames per second; 29.97 means exactly 30000/1001.
 * @throws TypeError, RangeError at once for what is no rate.
 * @see repeatLast, pace
 */
export function frameRate(rate: FrameRate): FrameRateOperator {
  const exact = exactFrameRate(rate, 'frameRate.rate');
  let latest: FrameRateConverter | undefined;

  const operator = createOperator<VideoFrame, VideoFrame>({ name: 'frameRate' }, (destination, context) => {
    const converter = new FrameRateConverter(destination, exact);
    latest = converter;
    const stopListening = context.onInterrupt((interruption) => converter.interrupt(interruption));
    return {
      next: (frame) => converter.take(frame),
      complete: () => converter.end(),
      teardown() {
        stopListening();
        converter.close();
      },
    };
  });
  const statistics = (): FrameRateStatistics => (latest === undefined ? nothingYet : { ...latest.statistics });
  return Object.assign(operator, { statistics });
}
