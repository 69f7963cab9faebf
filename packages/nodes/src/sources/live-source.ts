// Where media begins: files, streams, generators, slides. Imports no sink.

import {
  type ActorContext,
  CreditContext,
  closeFrame,
  createOperator,
  type Frame,
  type KeysOf,
  type Puller,
  pullSource,
  pushSource,
  type Source,
  type SourceSpec,
  withContext,
} from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { checkBoolean } from '../options/check-option.ts';

export interface LiveOptions {
  /**
   * Emits each frame when the clock reaches its media time, as a device would, instead of as fast as it is taken.
   * Default false.
   */
  readonly live?: boolean | undefined;
}

/** The keys of `LiveOptions`, for those that extend them. */
export const liveKeys = { live: true } as const satisfies KeysOf<LiveOptions>;

/** After a stall longer than this the schedule starts anew, in milliseconds; shorter ones are caught up with. */
const REANCHOR_MS = 200;

/** A source that is read on demand, or with `live` on the clock. */
export function frameSource<F extends Frame>(
  spec: SourceSpec,
  live: boolean | undefined,
  open: (context: ActorContext) => Puller<F> | Promise<Puller<F>>,
): Source<F> {
  if (live !== undefined) checkBoolean('live', live);
  const frames = pullSource(spec, open);
  if (!live) return frames;
  return pushSource(spec, (destination, context) => {
    playLive(frames, destination, context);
    return () => {};
  });
}

/**
 * Emits frames on an absolute schedule: each at the start plus its timestamp, so that an hour ends when the clock says so.
 * The next is read when the one before has left, whether there is room behind or not. The stream completes when the last
 * frame's media time has passed.
 */
function playLive<F extends Frame>(frames: Source<F>, destination: Subscriber<F>, context: ActorContext): void {
  const { clock } = context;
  let waiting: F | undefined;
  let anchor: number | undefined;
  let end = 0;
  let cancelTimer = () => {};
  const credit = new CreditContext(context, { isOpen: () => waiting === undefined, ignoreRoom: true });

  /** Whether the frame's time has come; if not, a timer comes back to it. */
  const due = (time: number, callback: () => void): boolean => {
    const now = clock.now();
    anchor ??= now - time;
    if (now - anchor - time > REANCHOR_MS) anchor = now - time;
    if (anchor + time <= now) return true;
    cancelTimer = clock.at(anchor + time, callback);
    return false;
  };
  const schedule = createOperator<F, F>({ name: 'live' }, (out) => {
    const finish = () => out.complete();
    const emit = () => {
      const frame = waiting!;
      waiting = undefined;
      end = (frame.timestamp + (frame.duration ?? 0)) / 1_000;
      out.next(frame);
    };
    const fire = () => {
      emit();
      credit.wake();
    };
    return {
      next(frame) {
        waiting = frame;
        if (due(frame.timestamp / 1_000, fire)) emit();
      },
      complete() {
        if (due(end, finish)) finish();
      },
      teardown() {
        cancelTimer();
        if (waiting !== undefined) closeFrame(waiting);
        waiting = undefined;
      },
    };
  });
  withContext(credit, () => frames.pipe(schedule).subscribe(destination));
}
