// Time: its units, the clock that is passed to whoever needs one, and what is measured in it. No frame and no
// stream; everybody else asks a clock from here, never the system.

/** Cancels a scheduled callback. Cancelling twice, or after it ran, does nothing. */
export type Cancel = () => void;

/**
 * The only source of time in sluice. Times are milliseconds on a monotonic scale with an arbitrary zero; they have
 * fractions.
 */
export interface Clock {
  /** Milliseconds now. */
  now(): number;
  /** Runs `callback` once at `time` or as soon as possible after it. Never early. */
  at(time: number, callback: () => void): Cancel;
  /**
   * Marks asynchronous work that is not a timer (a file read, a decode) so that a virtual clock stands still until it
   * has settled. Go on with the promise that it returns: on the clock of a recorded session that one settles in its turn.
   * Never for work that itself waits on this clock: the two would wait for each other. See `trackTimed`.
   */
  track<T>(work: Promise<T>): Promise<T>;
  /**
   * The same for work that waits on the clock as well: on the one that it is lent, of which a timer that is set lets virtual
   * time move. Call it as `trackTimed(clock, begin)`: a clock that never stands still needs none.
   */
  trackTimed?<T>(begin: (own: Clock) => Promise<T>): Promise<T>;
  /**
   * True if what happens on it is to happen again in the same order: then nothing may be decided by how fast the machine
   * is, not even how much is done before the event loop gets its turn.
   */
  readonly repeatable?: boolean;
}

/** Resolves after `ms` on the given clock; rejects with the signal's reason when it aborts first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.at(clock.now() + ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
