// How long a service may keep somebody waiting. No request and no socket.

import type { Clock } from '@sluice/core';

/** What everything here needs of a session: its clock, and the signal that ends it. */
export interface ServiceContext {
  /** By which deadlines and pauses run. */
  readonly clock: Clock;
  /** Aborts when the session is closed or aborted: everything that waits rejects with its reason. */
  readonly signal: AbortSignal;
  /** From 0 to 1, for the spread of retries. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Settles as `work` does, rejects with what `late` makes after `ms`, or with the signal's reason when it aborts. The work is
 * tracked: a virtual clock stands still meanwhile, and as no deadline of it can come, the machine's own time bounds the wait.
 */
export function inTime<T>(
  { clock, signal }: ServiceContext,
  ms: number,
  work: Promise<T>,
  late: () => Error,
): Promise<T> {
  // Nobody may be left to hear of it.
  work.catch(() => {});
  return clock.track(
    new Promise<T>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const start = clock.now();
      const end = (settle: () => void) => {
        cancel();
        clearTimeout(guard);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const expire = () => end(() => reject(late()));
      const onAbort = () => end(() => reject(signal.reason));
      const cancel = clock.at(start + ms, expire);
      const guard = setTimeout(() => clock.now() - start < ms / 2 && expire(), Math.min(ms, 2 ** 31 - 1));
      signal.addEventListener('abort', onAbort, { once: true });
      work.then(
        (value) => end(() => resolve(value)),
        (error: unknown) => end(() => reject(error)),
      );
    }),
  );
}
