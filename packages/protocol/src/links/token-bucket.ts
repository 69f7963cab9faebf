import type { Timers } from './timers.ts';

/** How fast a {@link TokenBucket} fills, and how much it holds. */
export interface TokenBucketOptions {
  /** By which what was taken comes back. */
  readonly clock: Pick<Timers, 'now'>;
  /** What may be taken at once. */
  readonly burst: number;
  /** What may be taken per second in the long run. */
  readonly perSecond: number;
}

/** Counts messages or bytes against a rate. It may be overdrawn: what arrived in one piece cannot be sent back. */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  #tokens: number;
  #filledAt: number;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledAt = options.clock.now();
  }

  /** What is left; below zero while it is overdrawn. */
  get left(): number {
    this.#fill();
    return this.#tokens;
  }

  /** Takes some. Returns the milliseconds until that is covered: 0 while the rate is kept. */
  take(amount = 1): number {
    this.#fill();
    this.#tokens -= amount;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#options.perSecond) * 1000;
  }

  /** Takes one if there is one. */
  tryTake(): boolean {
    if (this.left < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Gives back what was taken in vain. */
  give(amount = 1): void {
    this.#tokens = Math.min(this.#options.burst, this.#tokens + amount);
  }

  #fill(): void {
    const { clock, burst, perSecond } = this.#options;
    const now = clock.now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) * perSecond) / 1000);
    this.#filledAt = now;
  }
}
