import type { Timers } from './timers.ts';
import { TokenBucket } from './token-bucket.ts';

/** Changes that are made at once, and a second. */
const AT_ONCE = 8;
const PER_SECOND = 4;

/**
 * When what a far side wishes of us is done: at once, and no more often than an honest one wishes. To begin or end a track waits for threads of the
 * engine, and one that is asked to do so a hundred times a second on a busy machine does nothing else. Of wishes that wait the newest counts.
 */
export class ChangePace {
  readonly #timers: Timers;
  readonly #changes: TokenBucket;
  #cancel: (() => void) | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
    this.#changes = new TokenBucket({ clock: timers, burst: AT_ONCE, perSecond: PER_SECOND });
  }

  /** Calls `change` now or later, once for all who ask until then. */
  ask(change: () => void): void {
    if (this.#cancel !== undefined) return;
    if (this.#changes.tryTake()) return change();
    const waitMs = ((1 - this.#changes.left) / PER_SECOND) * 1_000;
    this.#cancel = this.#timers.after(waitMs, () => {
      this.#cancel = undefined;
      this.#changes.take();
      change();
    });
  }

  /** What waits is not done any more. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
