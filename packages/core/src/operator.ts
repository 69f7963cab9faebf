import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { type ActorContext, actorContext } from './actor-context.ts';
import type { Frame } from './frame.ts';
import { describeOperator, type OperatorSpec } from './node-spec.ts';

/** What an operator does with what it receives. `error` is passed on for it. */
export interface OperatorHandlers<A> {
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
    return new Observable<B>((destination) => {
      const handlers = create(destination, actorContext());
      if (handlers.teardown !== undefined) destination.add(() => handlers.teardown!());
      destination.add(
        source.subscribe({
          next: (frame) => {
            try {
              handlers.next(frame);
            } catch (error) {
              destination.error(error);
            }
          },
          error: (error: unknown) => destination.error(error),
          complete: () => {
            if (handlers.complete === undefined) destination.complete();
            else {
              try {
                handlers.complete();
              } catch (error) {
                destination.error(error);
              }
            }
          },
        }),
      );
    });
  });
}
