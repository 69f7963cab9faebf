import type { Clock } from '@sluice/core';
import { limits } from '@sluice/protocol';
import { TokenBucket } from '../../protocol/token-bucket.ts';

/** At once, in seconds of the rate. */
const BURST_SECONDS = 2;
/** A newcomer costs all others more than a message: it counts as so many. */
export const JOIN_COST = 5;

/**
 * What all clients of one address may send together. One that is over it slows those of its clients that send much
 * themselves, and newcomers, not the others.
 */
export class AddressBudgets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(address: string): TokenBucket {
    const known = this.#buckets.get(address);
    if (known !== undefined) return known;
    if (this.#buckets.size >= 1_024) this.#sweep();
    const perSecond = limits.messagesPerAddressPerSecond;
    const bucket = new TokenBucket({ clock: this.#clock, burst: perSecond * BURST_SECONDS, perSecond });
    this.#buckets.set(address, bucket);
    return bucket;
  }

  /** Forgets those who have all their budget: a new one is the same. */
  #sweep(): void {
    const full = limits.messagesPerAddressPerSecond * BURST_SECONDS;
    for (const [address, { left }] of this.#buckets) if (left >= full) this.#buckets.delete(address);
  }
}
