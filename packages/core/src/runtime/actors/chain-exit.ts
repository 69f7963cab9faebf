import { Subscriber } from 'rxjs';
import type { Frame } from '../../media/frame.ts';
import type { ActorContext } from '../../operators/actor-context.ts';
import { CONTEXT } from '../../operators/subscriber-context.ts';

export interface ChainHandlers {
  next(frame: Frame): void;
  error(error: unknown): void;
  complete(): void;
}

/**
 * The end of a chain. RxJS takes a `Subscriber` as it is; an observer it would wrap twice, which costs as much per frame
 * as an operator. What `next` throws would end up in the process: it is an error of the chain.
 */
export class ChainExit extends Subscriber<Frame> {
  /** For what an operator of RxJS subscribes to later. */
  readonly [CONTEXT]: ActorContext;
  readonly #handlers: ChainHandlers;

  constructor(context: ActorContext, handlers: ChainHandlers) {
    super();
    this[CONTEXT] = context;
    this.#handlers = handlers;
  }

  protected override _next(frame: Frame): void {
    try {
      this.#handlers.next(frame);
    } catch (error) {
      this.#handlers.error(error);
    }
  }

  protected override _error(error: unknown): void {
    this.#handlers.error(error);
    this.unsubscribe();
  }

  protected override _complete(): void {
    this.#handlers.complete();
    this.unsubscribe();
  }
}
