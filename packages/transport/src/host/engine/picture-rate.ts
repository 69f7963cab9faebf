import type { Clock } from '@sluice/core';

/** Pictures of one received track a second, in the long run: twice as many as cameras and screens send, */
const PER_SECOND = 120;
/** and at once: what 60 a second are after a path or a program that stood still for a second. */
const AT_ONCE = 60;

/**
 * Lets as many pictures of one received track pass as anybody has a use for. A far side may send thousands of tiny ones, which
 * its bits do not bound, and each would be copied, converted and handed over.
 */
export class PictureRate {
  readonly #clock: Clock;
  #left = AT_ONCE;
  #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** Whether one that comes now passes. Counts that it does. */
  pass(): boolean {
    const now = this.#clock.now();
    this.#left = Math.min(AT_ONCE, this.#left + ((now - this.#at) * PER_SECOND) / 1_000);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
