import { SluiceError } from '@sluice/core';

/** The most messages that wait for a call to be joined. */
const MOST_WAITING = 64;

interface Waiter<Call> {
  readonly resolve: (call: Call) => void;
  readonly reject: (error: unknown) => void;
}

/** Those who wait for a call to be joined, in their order. */
export class JoinQueue<Call> {
  readonly #waiters = new Set<Waiter<Call>>();

  /**
   * @param name What waits, for the errors.
   * @throws `SLUICE_CALL_STATE` for more than 64, and if the call was not joined; the signal's reason when it aborts.
   */
  wait(name: string, signal: AbortSignal): Promise<Call> {
    if (this.#waiters.size >= MOST_WAITING)
      return Promise.reject(
        new SluiceError('SLUICE_CALL_STATE', `${name} cannot wait for the call to be joined`, {
          expected: `at most ${MOST_WAITING} that wait`,
          fix: 'Await join() before you say more',
        }),
      );
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', () => {
        this.#waiters.delete(waiter);
        reject(signal.reason);
      });
    });
  }

  joined(call: Call): void {
    for (const { resolve } of this.#take()) resolve(call);
  }

  giveUp(): void {
    const error = new SluiceError('SLUICE_CALL_STATE', 'the call was left, or never joined, while this waited for it', {
      fix: 'Say it again after join()',
    });
    for (const { reject } of this.#take()) reject(error);
  }

  #take(): readonly Waiter<Call>[] {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    return waiters;
  }
}
