import { SluiceError } from '../errors.ts';
import type { Clock } from './clock.ts';

/**
 * Settles as `work` does, or rejects with `SLUICE_DEADLINE` after `ms`; `culprits` is asked only then. `setting` is what
 * gives more time.
 */
export function withDeadline<T>(
  clock: Clock,
  ms: number,
  what: string,
  work: Promise<T>,
  culprits: () => readonly string[],
  setting = 'the graph option `deadlines`',
): Promise<T> {
  if (!Number.isFinite(ms)) return work;
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.at(clock.now() + ms, () => {
      const named = culprits();
      reject(
        new SluiceError('SLUICE_DEADLINE', `${what} took longer than ${ms} ms`, {
          ...(named.length === 0 ? {} : { received: named }),
          fix: `Look at the nodes named, or give more time with ${setting}`,
        }),
      );
    });
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
