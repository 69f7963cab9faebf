/**
 * Calls back when every promise that can settle now has. Node runs its tick queue when the queue of microtasks is empty;
 * from a timer the other way round, hence the detour.
 */
export function whenDrained(callback: () => void): void {
  queueMicrotask(() => process.nextTick(callback));
}

/** Resolves when every promise that can settle now has. */
export function drained(): Promise<void> {
  return new Promise(whenDrained);
}
