import type { Clock } from '@sluice/core';

/** How much of a far side's passes. */
export interface ArrivalRateOptions {
  /** In the long run. */
  readonly perSecond: number;
  /** After a path or a program stood still. */
  readonly atOnce: number;
}

/** Lets as much of what a far side sends pass as anybody has a use for, where each thing costs something and its bits do not bound it. */
export class ArrivalRate {
  readonly #clock: Clock;
  readonly #options: ArrivalRateOptions;
  #left: number;
  #at: number;

  constructor(clock: Clock, options: ArrivalRateOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#left = options.atOnce;
    this.#at = clock.now();
  }

  /** Whether one that comes now passes. Counts that it does. */
  pass(): boolean {
    const { perSecond, atOnce } = this.#options;
    const now = this.#clock.now();
    this.#left = Math.min(atOnce, this.#left + ((now - this.#at) * perSecond) / 1_000);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
