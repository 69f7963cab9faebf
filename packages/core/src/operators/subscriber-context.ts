import type { ActorContext } from './actor-context.ts';

/**
 * The context of what stands before a subscriber, on the subscribers that know one. `Symbol.for`, so that two copies of
 * core agree.
 */
export const CONTEXT = Symbol.for('sluice.context');

/** Called on a subscriber that a flow without a graph is about to be subscribed with; throws if it takes none. */
export const TAKE = Symbol.for('sluice.take');

interface ContextCarrier {
  readonly [CONTEXT]?: ActorContext | undefined;
  [TAKE]?(): void;
}

/**
 * The context that a subscriber's receivers give to what stands before them. RxJS links each subscriber to the next
 * (`destination`), so it is found also where nobody could make it the ambient one: when `concat`, `repeat`, `retry` and
 * `concatMap` subscribe later, and behind Observables that are not ours. Undefined behind a plain observer.
 */
export function contextBehind(observer: unknown): ActorContext | undefined {
  let at = observer;
  (observer as ContextCarrier | undefined)?.[TAKE]?.();
  while (typeof at === 'object' && at !== null) {
    const context = (at as ContextCarrier)[CONTEXT];
    if (context !== undefined) return context;
    at = (at as { readonly destination?: unknown }).destination;
  }
  return undefined;
}
