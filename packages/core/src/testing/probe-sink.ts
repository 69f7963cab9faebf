import { checkKeys } from '../check-keys.ts';
import type { Frame } from '../media/frame.ts';
import type { MediaConstraint } from '../media/media-format.ts';
import type { ActorContext } from '../operators/actor-context.ts';
import { createSink, type Sink } from '../operators/sink.ts';

/** A frame and when it arrived, in milliseconds of the sink's clock. */
export interface Arrival<F> {
  /** Open until the sink's `closeFrames()`. */
  readonly frame: F;
  /** When, on the sink's clock. */
  readonly at: number;
}

/** What {@link ProbeSink} accepts, and whether it holds frames back. */
export interface ProbeSinkOptions {
  /** As graphs show it. Default `probeSink`. */
  readonly name?: string;
  /** What it takes; a graph converts everything else. Default: anything. */
  readonly accepts?: MediaConstraint;
  /** True: each frame is held until `take()` is called, so that the graph is held back. Default false. */
  readonly manual?: boolean;
}

/** A sink that keeps what it gets for the test to look at. */
export interface ProbeSink<F extends Frame> {
  /** Give this to a graph or a chain. Resolves with how many frames arrived. */
  readonly sink: Sink<F, number>;
  /** What arrived, oldest first. Open until `closeFrames()`. */
  readonly arrivals: readonly Arrival<F>[];
  /** The frames of `arrivals`, in a new array each time. */
  readonly frames: readonly F[];
  /** `idle` until it is opened; `completed` after the end of the stream, `failed` after an error or an abort. */
  readonly status: 'idle' | 'open' | 'completed' | 'failed';
  /** Why it failed. */
  readonly error: Error | undefined;
  /** With `manual`: lets go of the oldest frame that is held. Returns false if there is none. */
  take(): boolean;
  /** Closes every frame that arrived so far. */
  closeFrames(): void;
}

/**
 * A sink that keeps all frames that arrive, each with when it came, and closes none: that is the test's. With `manual: true` it holds
 * the graph back until `take()`.
 */
export function probeSink<F extends Frame>(options: ProbeSinkOptions = {}): ProbeSink<F> {
  checkKeys<ProbeSinkOptions>('probeSink', options, { name: true, accepts: true, manual: true });
  const arrivals: Arrival<F>[] = [];
  let status: ProbeSink<F>['status'] = 'idle';
  let failure: Error | undefined;
  // Holds, not promises: a virtual clock would wait for a promise that only the test can settle.
  const holds: (() => void)[] = [];
  const take = () => {
    const release = holds.shift();
    release?.();
    return release !== undefined;
  };
  const open = (context: ActorContext) => {
    status = 'open';
    return {
      write: (frame: F) => {
        arrivals.push({ frame, at: context.clock.now() });
        if (options.manual === true) holds.push(context.hold());
      },
      end: () => {
        status = 'completed';
        return arrivals.length;
      },
      abort: (reason: Error) => {
        status = 'failed';
        failure = reason;
        while (take());
      },
    };
  };
  const sink = createSink<F, number>({
    name: options.name ?? 'probeSink',
    ...(options.accepts === undefined ? {} : { accepts: options.accepts }),
    open,
  });
  return {
    sink,
    arrivals,
    get frames() {
      return arrivals.map((arrival) => arrival.frame);
    },
    get status() {
      return status;
    },
    get error() {
      return failure;
    },
    take,
    closeFrames: () => {
      for (const { frame } of arrivals) frame.close?.();
    },
  };
}
