import type { Clock } from '@sluice/core';

export interface TokenBucketOptions {
  readonly clock: Clock;
  /** Messages at once. */
  readonly burst: number;
  /** Messages per second in the long run. */
  readonly perSecond: number;
}

/** Counts messages against a rate. It may be overdrawn: what arrived in one piece cannot be sent back. */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  #tokens: number;
  #filledAt: number;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledAt = options.clock.now();
  }

  /** Takes one. Returns the milliseconds until the next one is there: 0 while the rate is kept. */
  take(): number {
    const { clock, burst, perSecond } = this.#options;
    const now = clock.now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) * perSecond) / 1000) - 1;
    this.#filledAt = now;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / perSecond) * 1000;
  }
}
