// Where RxJS meets media: sources, operators and sinks, and what they may know of the actor that they run in. No
// graph: everything here works in a bare chain too.

import { type Observable, type OperatorFunction, Subscriber } from 'rxjs';
import { closeFrame, type Frame } from '../media/frame.ts';
import { type ActorContext, actorContext, withContext } from './actor-context.ts';
import { BareFlow } from './bare-flow.ts';
import { describeOperator, type OperatorSpec } from './node-spec.ts';
import { CONTEXT } from './subscriber-context.ts';

/** What an operator does with what it receives. `error` is passed on for it. */
export interface OperatorHandlers<A> {
  /** Takes a frame, which is the operator's to forward or close. */
  next(frame: A): void;
  /** The source completed: emit the tail, then call `destination.complete()`. Default: complete at once. */
  complete?(): void;
  /** Unsubscribed, completed or failed: close what is kept, cancel timers. Called once. */
  teardown?(): void;
}

/**
 * Writes an operator: state lives in `create`, which runs per subscription with the destination and the actor's
 * context. A handler that throws errors the stream.
 */
export function createOperator<A extends Frame, B>(
  spec: OperatorSpec,
  create: (destination: Subscriber<B>, context: ActorContext) => OperatorHandlers<A>,
): OperatorFunction<A, B> {
  return describeOperator(spec, (source: Observable<A>) => {
    return new BareFlow<B>((destination) => {
      const context = actorContext();
      const handlers = create(destination, context);
      if (handlers.teardown !== undefined) destination.add(() => handlers.teardown!());
      source.subscribe(new OperatorSubscriber(destination, handlers, context));
    });
  });
}

/** Linked to its destination from the start, so that a source that emits while it is subscribed to can be stopped. */
class OperatorSubscriber<A extends Frame, B> extends Subscriber<A> {
  readonly #destination: Subscriber<B>;
  readonly #handlers: OperatorHandlers<A>;
  /** Also that of whoever is subscribed to later, in place of the source. */
  readonly [CONTEXT]: ActorContext;

  constructor(destination: Subscriber<B>, handlers: OperatorHandlers<A>, context: ActorContext) {
    super(destination);
    this.#destination = destination;
    this.#handlers = handlers;
    this[CONTEXT] = context;
  }

  override next(frame: A): void {
    try {
      if (this.closed) closeFrame(frame);
      else this.#handlers.next(frame);
    } catch (error) {
      this.#destination.error(error);
    }
  }

  // Whoever subscribes again on completion (`repeat`, `concat`) is still inside this actor.
  protected override _complete(): void {
    withContext(this[CONTEXT], () => finish(this.#handlers, this.#destination));
  }
}

function finish<A, B>(handlers: OperatorHandlers<A>, destination: Subscriber<B>): void {
  try {
    if (handlers.complete === undefined) destination.complete();
    else handlers.complete();
  } catch (error) {
    destination.error(error);
  }
}
