import type { Clock } from '@sluice/core';

/** So many requests in any minute. One that is refused costs nothing, so waiting always helps. */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #perMinute: number;
  #left: number;
  #filledAt: number;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#left = perMinute;
    this.#filledAt = clock.now();
  }

  /** Takes one. Returns the seconds until there is one: 0 if there was. */
  take(): number {
    const now = this.#clock.now();
    const perMs = this.#perMinute / 60_000;
    this.#left = Math.min(this.#perMinute, this.#left + (now - this.#filledAt) * perMs);
    this.#filledAt = now;
    if (this.#left < 1) return Math.ceil((1 - this.#left) / perMs / 1_000);
    this.#left -= 1;
    return 0;
  }
}
