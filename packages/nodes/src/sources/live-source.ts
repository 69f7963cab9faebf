import {
  type ActorContext,
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
  if (!live) return pullSource(spec, open);
  return pushSource(spec, (destination, context) => {
    playLive(destination, context, open);
    return () => {};
  });
}

/**
 * Emits what `open` gives on an absolute schedule: each frame at the start plus its timestamp, so that an hour ends when
 * the clock says so. The stream completes when the last frame's media time has passed.
 */
function playLive<F extends Frame>(
  destination: Subscriber<F>,
  context: ActorContext,
  open: (context: ActorContext) => Puller<F> | Promise<Puller<F>>,
): void {
  const { clock } = context;
  let puller: Puller<F> | undefined;
  let waiting: F | undefined;
  let anchor: number | undefined;
  let end = 0;
  let closed = false;
  let cancelTimer = () => {};

  const fail = (error: unknown) => {
    if (!closed) destination.error(error);
  };
  const close = (opened: Puller<F>) => {
    const closing = opened.close?.();
    if (closing !== undefined) clock.track(closing).catch((error: unknown) => context.report(error));
  };
  const started = (opened: Puller<F>) => {
    puller = opened;
    if (closed) close(opened);
    else advance();
  };
  /** Whether the frame's time has come; if not, a timer comes back to it. */
  const due = (time: number, callback: () => void): boolean => {
    const now = clock.now();
    anchor ??= now - time;
    if (now - anchor - time > REANCHOR_MS) anchor = now - time;
    if (anchor + time <= now) return true;
    cancelTimer = clock.at(anchor + time, callback);
    return false;
  };
  const finish = () => destination.complete();
  const emit = () => {
    const frame = waiting!;
    waiting = undefined;
    end = (frame.timestamp + (frame.duration ?? 0)) / 1_000;
    destination.next(frame);
  };
  const fire = () => {
    emit();
    advance();
  };
  /** Returns whether there is more to do right now. */
  const take = (frame: F | null): boolean => {
    if (closed) {
      frame?.close?.();
      return false;
    }
    if (frame === null) {
      if (due(end, finish)) finish();
      return false;
    }
    waiting = frame;
    if (!due(frame.timestamp / 1_000, fire)) return false;
    emit();
    return !closed;
  };
  const resume = (frame: F | null) => {
    if (take(frame)) advance();
  };
  const advance = () => {
    let more = !closed;
    while (more) {
      let frame: F | null | Promise<F | null>;
      try {
        frame = withContext(context, () => puller!.read());
      } catch (error) {
        fail(error);
        return;
      }
      if (frame instanceof Promise) {
        (puller!.external === false ? frame : clock.track(frame)).then(resume, fail);
        return;
      }
      more = take(frame);
    }
  };

  const stop = () => {
    closed = true;
    cancelTimer();
    waiting?.close?.();
    waiting = undefined;
    if (puller !== undefined) close(puller);
  };
  // Before the first frame: a subscriber that has enough says so while the run goes on.
  destination.add(stop);
  try {
    const opened = open(context);
    if (opened instanceof Promise) clock.track(opened).then(started, fail);
    else started(opened);
  } catch (error) {
    fail(error);
  }
}
