import type { Clock } from '@sluice/core';
import { TokenBucket } from '@sluice/protocol';

/** So many requests in any minute. One that is refused costs nothing, so waiting always helps. */
export class RequestBudget {
  readonly #perSecond: number;
  readonly #requests: TokenBucket;

  constructor(clock: Clock, perMinute: number) {
    this.#perSecond = perMinute / 60;
    this.#requests = new TokenBucket({ clock, burst: perMinute, perSecond: this.#perSecond });
  }

  /** Takes one. Returns the seconds until there is one: 0 if there was. */
  take(): number {
    return this.#requests.tryTake() ? 0 : Math.ceil((1 - this.#requests.left) / this.#perSecond);
  }
}
