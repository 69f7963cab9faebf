import { Subscriber } from 'rxjs';
import type { Frame } from '../../media/frame.ts';
import type { ActorContext } from '../../operators/actor-context.ts';
import { CONTEXT } from '../../operators/subscriber-context.ts';
import type { ActorOutput } from './actor.ts';
import type { HiddenFrames } from './hidden-frames.ts';

export interface ChainExitOptions {
  readonly out: ActorOutput;
  /** The watch of the operator that frames leave last. */
  readonly last: HiddenFrames | undefined;
  /** Whether that is the only operator: what passes it while its actor is busy is counted there. */
  readonly alone: boolean;
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
  readonly #out: ActorOutput;
  readonly #last: HiddenFrames | undefined;
  readonly #alone: boolean;
  readonly #options: ChainExitOptions;

  constructor(context: ActorContext, options: ChainExitOptions) {
    super();
    this[CONTEXT] = context;
    this.#out = options.out;
    this.#last = options.last;
    this.#alone = options.alone;
    this.#options = options;
  }

  // In place of the base class's, which only asks and calls on: two calls less per frame.
  override next(frame: Frame): void {
    if (this.isStopped) return super.next(frame);
    try {
      const out = this.#out;
      if (this.#last !== undefined && !(this.#alone && out.actor.busy)) this.#last.leave(frame);
      out.emit(frame);
    } catch (error) {
      this.#options.error(error);
    }
  }

  protected override _error(error: unknown): void {
    this.#options.error(error);
    this.unsubscribe();
  }

  protected override _complete(): void {
    this.#options.complete();
    this.unsubscribe();
  }
}
