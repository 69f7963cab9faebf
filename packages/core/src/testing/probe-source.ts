import type { Subscriber } from 'rxjs';
import type { Frame } from '../media/frame.ts';
import type { ActorContext } from '../operators/actor-context.ts';
import type { SourceSpec } from '../operators/node-spec.ts';
import { pushSource, type Source } from '../operators/source.ts';

/** A source that a test pushes by hand. Serves one subscription at a time. */
export interface ProbeSource<F extends Frame> {
  /** Give this to a graph or a chain. */
  readonly source: Source<F>;
  /** Whether somebody is subscribed now. */
  readonly subscribed: boolean;
  /** How often it was subscribed to. */
  readonly subscriptions: number;
  /** The context it was subscribed in. */
  readonly context: ActorContext | undefined;
  /** Whether everything downstream has room, as a well-behaved source asks. */
  readonly hasRoom: boolean;
  /** Emits a frame. Closes it if nobody is subscribed. */
  push(...frames: readonly F[]): void;
  /** Ends the stream in order. */
  complete(): void;
  /** Ends the stream with an error. */
  fail(error: unknown): void;
}

/** A source under the test's control, `live` unless the description says otherwise. */
export function probeSource<F extends Frame>(spec: Partial<SourceSpec> = {}): ProbeSource<F> {
  let destination: Subscriber<F> | undefined;
  let context: ActorContext | undefined;
  let subscriptions = 0;
  const source = pushSource<F>({ name: 'probeSource', ...spec }, (subscriber, ambient) => {
    destination = subscriber;
    context = ambient;
    subscriptions++;
    return () => {
      destination = undefined;
    };
  });
  return {
    source,
    get subscribed() {
      return destination !== undefined;
    },
    get subscriptions() {
      return subscriptions;
    },
    get context() {
      return context;
    },
    get hasRoom() {
      return destination !== undefined && context?.hasRoom === true;
    },
    push: (...frames) => {
      for (const frame of frames) {
        if (destination === undefined) frame.close?.();
        else destination.next(frame);
      }
    },
    complete: () => destination?.complete(),
    fail: (error) => destination?.error(error),
  };
}
