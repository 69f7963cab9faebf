import { type Cancel, type Clock, SluiceError, toError } from '@sluice/core';
import type { OperationOptions } from './completion.ts';

export interface Operation<T> extends OperationOptions {
  /** As in `join did not finish`. */
  readonly name: string;
  readonly timeoutMs: number;
  /** The error when time is up. */
  readonly timeout?: (timeoutMs: number) => SluiceError;
  /** Throws for what was given to it. */
  readonly check?: () => void;
  /** The signal aborts when time is up or the caller aborts; `extend` begins another time limit. */
  readonly work: (signal: AbortSignal, extend: (timeoutMs: number) => void) => Promise<T>;
  /** Adapts the completion that the caller gave. */
  readonly complete?: ((data: T | null, error: Error | null) => void) | undefined;
}

/** Runs what takes time: with a deadline, a signal and a completion, and remembers what is under way. */
export class Operations {
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  readonly #checkAlive: () => void;
  readonly #pending = new Set<Promise<unknown>>();

  /** @param checkAlive throws where nothing may be done any more */
  constructor(clock: Clock, onFault: (error: unknown) => void, checkAlive: () => void = () => {}) {
    this.#clock = clock;
    this.#onFault = onFault;
    this.#checkAlive = checkAlive;
  }

  /** A failure that neither a completion nor anybody else takes is an unhandled rejection of what is returned. */
  run<T>(operation: Operation<T>): Promise<T> {
    const promise = this.#run(operation);
    this.#pending.add(promise);
    const done = () => this.#pending.delete(promise);
    promise.then(done, done);
    const { complete } = operation;
    if (complete !== undefined) {
      promise.then(
        (data) => this.#complete(complete, data, null),
        (error) => this.#complete(complete, null, error),
      );
      return promise;
    }
    // A promise of its own: we listen to the other one, so nobody would learn that it failed.
    return promise.then((data) => data);
  }

  /** Resolves when nothing is under way, whatever came of it. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }

  async #run<T>({ name, timeoutMs, timeout, signal, check, work }: Operation<T>): Promise<T> {
    const controller = new AbortController();
    let fail: (error: Error) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      fail = (error) => {
        reject(error);
        controller.abort(error);
      };
    });
    // Whether it ever fails or not: the race below is who listens.
    failed.catch(() => {});
    const onAbort = () => fail(new SluiceError('SLUICE_ABORTED', `${name} was aborted`, { cause: signal?.reason }));
    let cancel: Cancel = () => {};
    const limit = (ms: number) => {
      cancel();
      if (controller.signal.aborted) return;
      const late = () => new SluiceError('SLUICE_CALL_TIMEOUT', `${name} did not finish within ${ms} ms`);
      cancel = this.#clock.at(this.#clock.now() + ms, () => fail(timeout?.(ms) ?? late()));
    };
    limit(timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal?.aborted === true) onAbort();
      controller.signal.throwIfAborted();
      this.#checkAlive();
      check?.();
      return await Promise.race([work(controller.signal, limit), failed]);
    } catch (error) {
      throw toError(error);
    } finally {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #complete<T>(complete: (data: T | null, error: Error | null) => void, data: T | null, error: Error | null): void {
    try {
      complete(data, error);
    } catch (fault) {
      this.#onFault(fault);
    }
  }
}
