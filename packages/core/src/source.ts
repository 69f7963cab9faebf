import { Observable, type Subscriber } from 'rxjs';
import { type ActorContext, actorContext } from './actor-context.ts';
import type { Frame } from './frame.ts';
import { NODE, type SourceSpec } from './node-spec.ts';

/** An Observable of frames that a graph can describe. Subscribing without a graph works as well. */
export type Source<F extends Frame> = Observable<F> & { readonly [NODE]: SourceSpec };

/**
 * A source that pushes: a device, a network, a timer. It emits when it has something, whether there is room or not.
 * The teardown is called once, on completion, error or unsubscription.
 */
export function pushSource<F extends Frame>(
  spec: SourceSpec,
  start: (destination: Subscriber<F>, context: ActorContext) => () => void,
): Source<F> {
  const source = new Observable<F>((destination) => start(destination, actorContext()));
  return Object.assign(source, { [NODE]: { live: true, ...spec } });
}

/** What a pull source reads from. */
export interface Puller<F extends Frame> {
  /** The next frame, or null at the end. Called again only after the last result has settled. */
  read(): F | null | Promise<F | null>;
  /** Called once, whatever ended the source. */
  close?(): void | Promise<void>;
}

/** How long a pull source may emit without a break before the event loop gets its turn, in milliseconds. */
const SLICE_MS = 3;

/**
 * A source that is asked: a file, a generator. It is read only while everything downstream has room, so memory stays
 * flat and nothing is ever dropped; the event loop gets a turn at least every 3 ms.
 */
export function pullSource<F extends Frame>(
  spec: SourceSpec,
  open: (context: ActorContext) => Puller<F> | Promise<Puller<F>>,
): Source<F> {
  const source = new Observable<F>((destination) => pull(destination, actorContext(), open));
  return Object.assign(source, { [NODE]: spec });
}

function pull<F extends Frame>(
  destination: Subscriber<F>,
  context: ActorContext,
  open: (context: ActorContext) => Puller<F> | Promise<Puller<F>>,
): () => void {
  const { clock } = context;
  let puller: Puller<F> | undefined;
  let closed = false;
  let running = false;
  let cancelWait = () => {};

  const fail = (error: unknown) => {
    if (!closed) destination.error(error);
  };
  const started = (opened: Puller<F>) => {
    puller = opened;
    if (closed) close(opened);
    else run();
  };
  const wake = () => {
    cancelWait = () => {};
    if (!running) run();
  };
  const take = (frame: F | null): boolean => {
    if (closed) {
      frame?.close?.();
      return false;
    }
    if (frame === null) {
      destination.complete();
      return false;
    }
    destination.next(frame);
    return !closed;
  };
  const resume = (frame: F | null) => {
    if (take(frame)) run();
  };
  const run = () => {
    running = true;
    let more = true;
    // Real time on purpose: the slice protects the event loop, also while a virtual clock stands still.
    const sliceEnd = performance.now() + SLICE_MS;
    let untilLook = 16;
    while (more && puller !== undefined && !closed) {
      if (!context.hasRoom) {
        more = false;
        cancelWait = context.whenRoom(wake);
        break;
      }
      if (--untilLook === 0) {
        untilLook = 16;
        if (performance.now() > sliceEnd) {
          more = false;
          clock.track(turn()).then(run, fail);
          break;
        }
      }
      let frame: F | null | Promise<F | null>;
      try {
        frame = puller.read();
      } catch (error) {
        fail(error);
        break;
      }
      if (frame instanceof Promise) {
        more = false;
        clock.track(frame).then(resume, fail);
      } else {
        more = take(frame);
      }
    }
    running = false;
  };
  const close = (opened: Puller<F>) => {
    const closing = opened.close?.();
    if (closing !== undefined) clock.track(closing).catch((error: unknown) => context.report(error));
  };

  try {
    const opened = open(context);
    if (opened instanceof Promise) clock.track(opened).then(started, fail);
    else started(opened);
  } catch (error) {
    fail(error);
  }
  return () => {
    closed = true;
    cancelWait();
    if (puller !== undefined) close(puller);
  };
}

/** One turn of the event loop: timers and input come first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
