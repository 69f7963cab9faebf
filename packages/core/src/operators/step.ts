import type { OperatorFunction } from 'rxjs';
import type { Frame } from '../media/frame.ts';
import type { ActorContext } from './actor-context.ts';
import type { OperatorSpec } from './node-spec.ts';
import { createOperator } from './operator.ts';

/** Carries what makes an operator's handlers. `Symbol.for`, so that two copies of core agree. */
const STEP = Symbol.for('sluice.step');

/** What a step does with each frame. What it throws is the stream's error. */
export interface StepHandlers<A, B> {
  /**
   * Takes a frame, which is the step's to return, to derive another from or to close. Returns the frame that leaves, or
   * undefined if none does.
   */
  next(frame: A): B | undefined;
  /** The source completed, and nothing leaves any more: the end goes on once this has returned. */
  complete?(): void;
  /** Unsubscribed, completed or failed: close what is kept, take listeners away. Called once. */
  teardown?(): void;
}

/** Makes the handlers of one subscription. */
export type CreateStep<A, B> = (context: ActorContext) => StepHandlers<A, B>;

/**
 * Writes an operator that makes at most one frame of each, at once: it keeps none back and has no tail. State lives in
 * `create`, which runs per subscription with the actor's context. It is an RxJS operator like any other, and an actor whose
 * operators are all steps calls them straight, without RxJS in between, which saves a third of what a frame pays for the
 * way. Adds no latency.
 *
 * @example
 * ```ts
 * const numbered = createStep<AudioFrame, AudioFrame>({ name: 'numbered' }, () => {
 *   let seen = 0;
 *   return { next: (frame) => frame.move({ utterance: `u${seen++}` }) };
 * });
 * bot.from(source).pipe(numbered).to(sink);
 * ```
 * @param spec what the graph knows of it
 * @param create makes the handlers of one subscription
 * @returns the operator
 * @see createOperator for what emits later, or several frames for one; mapFrames, filterFrames for a function alone
 */
export function createStep<A extends Frame, B extends Frame>(
  spec: OperatorSpec,
  create: CreateStep<A, B>,
): OperatorFunction<A, B> {
  const operator = createOperator<A, B>(spec, (destination, context) => {
    const handlers = create(context);
    return {
      next(frame) {
        const made = handlers.next(frame);
        if (made === undefined) return;
        if (destination.closed) made.close?.();
        else destination.next(made);
      },
      complete() {
        handlers.complete?.();
        destination.complete();
      },
      teardown: () => handlers.teardown?.(),
    };
  });
  return Object.assign(operator, { [STEP]: create });
}

/** What makes the handlers of each operator, the first one first; undefined unless all of them are steps. */
export function stepsOf(operators: readonly object[]): readonly CreateStep<Frame, Frame>[] | undefined {
  const steps = operators.map((operator) => (operator as { readonly [STEP]?: CreateStep<Frame, Frame> })[STEP]);
  return steps.every((step) => step !== undefined) ? steps : undefined;
}
