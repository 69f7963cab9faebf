import { Subscription } from 'rxjs';
import type { Frame } from '../../media/frame.ts';
import type { ActorContext } from '../../operators/actor-context.ts';
import type { CreateStep, StepHandlers } from '../../operators/step.ts';

/** A chain of steps that is called straight: what `subscribe` makes of one, without the subscribers. */
export class StepChain {
  /** Whoever unsubscribes has the steps give back what they keep. */
  readonly subscription = new Subscription();
  readonly #handlers: readonly StepHandlers<Frame, Frame>[];
  readonly #first: StepHandlers<Frame, Frame>;

  /** Call it with `context` as the ambient one. */
  constructor(steps: readonly CreateStep<Frame, Frame>[], context: ActorContext) {
    const handlers: StepHandlers<Frame, Frame>[] = [];
    try {
      // The last one first, as RxJS subscribes.
      for (const create of steps.toReversed()) {
        const made = create(context);
        handlers.unshift(made);
        this.subscription.add(() => made.teardown?.());
      }
    } catch (error) {
      this.subscription.unsubscribe();
      throw error;
    }
    this.#handlers = handlers;
    this.#first = handlers[0]!;
  }

  /** What becomes of a frame; undefined if nothing leaves. */
  next(frame: Frame): Frame | undefined {
    const { subscription } = this;
    const handlers = this.#handlers;
    // Most chains are of one step: a look at the list would cost as much as calling it.
    let made = this.#first.next(frame);
    for (let i = 1; i < handlers.length && made !== undefined && !subscription.closed; i++)
      made = handlers[i]!.next(made);
    return made;
  }

  complete(): void {
    for (const handlers of this.#handlers) handlers.complete?.();
  }
}
