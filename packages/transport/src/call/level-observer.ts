import { type Cancel, type Clock, invalidArgument, outOfRange } from '@sluice/core';

const SHORTEST_MS = 10;
const LONGEST_MS = 10_000;

export interface LevelObserverOptions<T> {
  readonly clock: Clock;
  /** Nothing was measured. */
  readonly nothing: T;
  readonly start?: () => void;
  /** What was measured since it was called last; undefined while there is no call. */
  readonly read: () => T | undefined;
  readonly stop: () => void;
  readonly tell: (level: T) => void;
}

/** Reads levels at an interval while it runs. */
export class LevelObserver<T> {
  readonly #options: LevelObserverOptions<T>;
  #cancel: Cancel | undefined;
  #last: T;

  constructor(options: LevelObserverOptions<T>) {
    this.#options = options;
    this.#last = options.nothing;
  }

  get running(): boolean {
    return this.#cancel !== undefined;
  }

  /** What was told last; nothing while it does not run. */
  get last(): T {
    return this.#last;
  }

  /** While it runs: another interval. */
  start(intervalMs: number): void {
    if (typeof intervalMs !== 'number' || Number.isNaN(intervalMs))
      throw invalidArgument('intervalMs', 'a number of milliseconds', intervalMs);
    if (intervalMs < SHORTEST_MS || intervalMs > LONGEST_MS)
      throw outOfRange('intervalMs', `${SHORTEST_MS} to ${LONGEST_MS} ms`, intervalMs);
    if (this.#cancel === undefined) this.#options.start?.();
    this.#cancel?.();
    this.#next(this.#options.clock.now() + intervalMs, intervalMs);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#last = this.#options.nothing;
    this.#options.stop();
  }

  #next(due: number, intervalMs: number): void {
    const { clock, read, nothing, tell } = this.#options;
    this.#cancel = clock.at(due, () => {
      // First: who is told may stop it, or start it with another interval.
      this.#next(Math.max(due, clock.now() - intervalMs) + intervalMs, intervalMs);
      const level = read();
      this.#last = level ?? nothing;
      if (level !== undefined) tell(level);
    });
  }
}
