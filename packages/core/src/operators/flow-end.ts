import { type Observer, Subscription, type TeardownLogic } from 'rxjs';
import { SluiceError } from '../errors.ts';
import type { Frame } from '../media/frame.ts';
import { type ActorContext, actorContext } from './actor-context.ts';
import { CreditContext } from './credit-context.ts';
import { NODE, type SinkSpec } from './node-spec.ts';
import { CONTEXT, TAKE } from './subscriber-context.ts';

/** Frames that may wait for a sink before a source that can be asked is held back. */
const MOST_WAITING = 50;

/**
 * What every sink is to RxJS: an observer that is its own subscription, so that it learns of `unsubscribe()`. That ends a
 * stream as its source would: what was given is finished. A graph calls the observer itself and never unsubscribes.
 */
export abstract class FlowEnd<F extends Frame> extends Subscription implements Observer<F> {
  abstract readonly [NODE]: SinkSpec;
  abstract next: (frame: F) => void;
  abstract error: (reason: unknown) => void;
  abstract complete: () => void;
  /** Whether it has a context, of a graph or of a flow. */
  protected abstract readonly attached: boolean;
  #flow: ActorContext | undefined;
  /** What stands before it right now. */
  readonly #sources = new Set<unknown>();

  /** The context of the flow without a graph that ends here, for all that stands before it. */
  get [CONTEXT](): ActorContext | undefined {
    if (this.#flow === undefined && !this.attached) this.#flow = attachBare(this[NODE]);
    return this.#flow;
  }

  /** `merge` and `concat` subscribe with subscribers of their own: one stream for RxJS is one stream here. */
  [TAKE](): void {
    if (this.closed || this.#sources.size > 0) throw usedTwice(this[NODE].name);
  }

  override add(teardown: TeardownLogic): void {
    if (teardown !== undefined && teardown !== null) this.#sources.add(teardown);
    super.add(teardown);
  }

  override remove(teardown: Exclude<TeardownLogic, void>): void {
    this.#sources.delete(teardown);
    super.remove(teardown);
  }

  override unsubscribe(): void {
    if (this.closed) return;
    try {
      this.leaveSource();
    } finally {
      this.complete();
    }
  }

  /** Lets go of the source. */
  protected leaveSource(): void {
    super.unsubscribe();
  }
}

/** Lets a sink hold the source back: a context in which there is room while few frames wait for the sink. */
function attachBare(sink: SinkSpec): ActorContext {
  const base = actorContext();
  let waiting = 0;
  // Who asks for room can be held back.
  let paced = true;
  const { maxHeld = MOST_WAITING } = sink;
  const isOpen = () => {
    paced = false;
    return waiting < maxHeld;
  };
  const flow = new CreditContext(base, { isOpen });
  const release = () => {
    waiting--;
    flow.wake();
  };
  const hold = () => {
    waiting++;
    return release;
  };
  sink.attach({
    ...base,
    hold,
    get paced() {
      return paced;
    },
  });
  return flow;
}

export function usedTwice(name: string): SluiceError {
  return new SluiceError('SLUICE_GRAPH_STATE', `the sink ${name} was used before`, {
    expected: 'a sink for each subscription',
    fix: `Make another ${name}, or give the graph a factory: to(() => ${name}(...))`,
  });
}
