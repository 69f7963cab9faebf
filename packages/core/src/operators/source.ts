import { type Observable, Subscriber } from 'rxjs';
import { invalidArgument } from '../errors.ts';
import { closeFrame, type Frame } from '../media/frame.ts';
import { Slice, turn } from '../time/slice.ts';
import { type ActorContext, actorContext, swapContext, withContext } from './actor-context.ts';
import { BareFlow } from './bare-flow.ts';
import { checkControls } from './control-spec.ts';
import { NODE, type SourceSpec } from './node-spec.ts';

/** An Observable of frames that a graph can describe. Subscribing without a graph works as well. */
export type Source<F extends Frame> = Observable<F> & {
  /** What a graph has to know of it. */
  readonly [NODE]: SourceSpec;
};

/**
 * A source that pushes: a device, a network, a timer. It emits when it has something, whether there is room or not.
 * The teardown is called once, on completion, error or unsubscription. It may be called by what `next` leads to, when that fails
 * the graph: set the timer of the next frame before this one is emitted, or it is never cancelled. A frame that is emitted
 * after the end is closed.
 */
export function pushSource<F extends Frame>(
  spec: SourceSpec,
  start: (destination: Subscriber<F>, context: ActorContext) => () => void,
): Source<F> {
  checkControls(spec.name, spec.controls);
  const source = new BareFlow<F>((destination) => {
    const pushed = new Pushed(destination);
    pushed.add(start(pushed, actorContext()));
    return pushed;
  });
  return Object.assign(source, { [NODE]: { live: true, ...spec } });
}

/** What a source pushes into. Whoever is gone does not leave frames behind. */
class Pushed<F extends Frame> extends Subscriber<F> {
  override next(frame: F): void {
    if (this.closed) closeFrame(frame);
    else super.next(frame);
  }
}

/** What a pull source reads from. */
export interface Puller<F extends Frame> {
  /** The next frame, or null at the end. Called again only after the last result has settled. */
  read(): F | null | Promise<F | null>;
  /**
   * False if the promises of `read` may wait for the clock (a generator that sleeps); a virtual clock then goes on
   * meanwhile. By default they wait for the outside, a disk or a pipe, and it stands still until they have settled.
   */
  readonly external?: boolean;
  /** Called once, whatever ended the source. */
  close?(): void | Promise<void>;
}

/**
 * A source that is asked: a file, a generator. It is read only while everything downstream has room, so memory stays
 * flat and nothing is ever dropped; the event loop gets a turn at least every 3 ms.
 */
export function pullSource<F extends Frame>(
  spec: SourceSpec,
  open: (context: ActorContext) => Puller<F> | Promise<Puller<F>>,
): Source<F> {
  const source = new BareFlow<F>((destination) => pull(destination, actorContext(), open));
  return Object.assign(source, { [NODE]: spec });
}

function pull<F extends Frame>(
  destination: Subscriber<F>,
  context: ActorContext,
  open: (context: ActorContext) => Puller<F> | Promise<Puller<F>>,
): void {
  const { clock } = context;
  let puller: Puller<F> | undefined;
  let closed = false;
  let running = false;
  let more = true;
  let cancelWait = () => {};
  const slice = new Slice(clock);

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
    if (running) more = true;
    else run();
  };
  const take = (frame: F | null): boolean => {
    if (closed) {
      frame?.close?.();
      return false;
    }
    if (frame === null) {
      // Whoever subscribes to something else now (`concat`, `repeat`) is still in this source's place.
      withContext(context, () => destination.complete());
      return false;
    }
    if (frame === undefined) {
      fail(invalidArgument('the result of read()', 'a frame, or null at the end', frame));
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
    more = true;
    while (more && puller !== undefined && !closed) {
      if (!context.hasRoom) {
        more = false;
        const cancel = context.whenRoom(wake);
        if (!more) cancelWait = cancel;
      } else if (slice.over()) {
        more = false;
        clock.track(turn()).then(run, fail);
      } else {
        more = readOne(puller);
      }
    }
    running = false;
  };
  const readOne = (from: Puller<F>): boolean => {
    let frame: F | null | Promise<F | null>;
    // Whoever made room calls from its own node; what is made here is this one's.
    const before = swapContext(context);
    try {
      frame = from.read();
    } catch (error) {
      fail(error);
      return false;
    } finally {
      swapContext(before);
    }
    if (!(frame instanceof Promise)) return take(frame);
    (from.external === false ? frame : clock.track(frame)).then(resume, fail);
    return false;
  };
  const close = (opened: Puller<F>) => {
    const closing = opened.close?.();
    if (closing === undefined) return;
    // What only waits for the graph may settle when its clock goes on, and must not hold it.
    (opened.external === false ? closing : clock.track(closing)).catch((error: unknown) => context.report(error));
  };

  // Before the first frame: a subscriber that has enough says so while the run goes on.
  destination.add(() => {
    closed = true;
    cancelWait();
    if (puller !== undefined) close(puller);
  });
  try {
    const opened = open(context);
    if (opened instanceof Promise) clock.track(opened).then(started, fail);
    else started(opened);
  } catch (error) {
    fail(error);
  }
}
