import type { Cancel } from '../time/clock.ts';

const calls = new Set<WeakRef<object>>();

/**
 * Remembers a call of this process for whoever looks at it, as an inspector does. It is kept alive by nobody here. Returns what
 * forgets it.
 */
export function rememberCall(call: object): Cancel {
  const known = new WeakRef(call);
  calls.add(known);
  return () => void calls.delete(known);
}

/** The calls of this process that are remembered and alive, in the order in which they were made. */
export function knownCalls(): readonly object[] {
  const alive: object[] = [];
  for (const known of calls) {
    const call = known.deref();
    if (call === undefined) calls.delete(known);
    else alive.push(call);
  }
  return alive;
}
