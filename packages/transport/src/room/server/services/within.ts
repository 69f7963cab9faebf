import type { Clock } from '@sluice/core';

/** The same outcome, or a rejection if there is none in time. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.at(clock.now() + ms, () => reject(new Error(`no answer within ${ms / 1000} s`)));
    work.then(resolve, reject).finally(cancel);
  });
}
