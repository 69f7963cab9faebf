import type { Clock } from '@sluice/core';
import { limits } from '@sluice/protocol';
import { TokenBucket } from '../../protocol/token-bucket.ts';

/** At once, in seconds of the rate. */
const BURST_SECONDS = 2;
/** A newcomer costs all others more than a message: it counts as so many. */
export const JOIN_COST = 5;
/** An address this far ahead of its rate, in milliseconds, is slowed wherever more than a fair share is sent. */
export const CROWDED_MS = 2_000;

/**
 * What all clients of one address may send together. One that is over it slows those of its clients that send much
 * themselves, and newcomers; one that is far over it all that send more than their part.
 */
export class AddressBudget {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  #sockets = 0;

  constructor(clock: Clock) {
    const { messagesPerAddressPerSecond, bytesPerAddressPerSecond } = limits;
    this.#messages = bucket(clock, messagesPerAddressPerSecond);
    this.#bytes = bucket(clock, bytesPerAddressPerSecond);
  }

  get sockets(): number {
    return this.#sockets;
  }

  /** Counts a socket. What it returns ends that. */
  open(): () => void {
    this.#sockets++;
    return () => {
      this.#sockets--;
    };
  }

  /** What each socket may send a second, were all of them to send. */
  get share(): number {
    return limits.messagesPerAddressPerSecond / Math.max(1, this.#sockets);
  }

  /** Counts a message. Returns the milliseconds until the rate is kept again: 0 while it is. */
  take(bytes: number, messages = 1): number {
    return Math.max(this.#messages.take(messages), this.#bytes.take(bytes));
  }

  /** Whether a new one is the same. */
  get isUnused(): boolean {
    return (
      this.#sockets === 0 &&
      this.#messages.left >= limits.messagesPerAddressPerSecond * BURST_SECONDS &&
      this.#bytes.left >= limits.bytesPerAddressPerSecond * BURST_SECONDS
    );
  }
}

/** The budgets of all addresses that have been here of late. */
export class AddressBudgets {
  readonly #clock: Clock;
  readonly #budgets = new Map<string, AddressBudget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(address: string): AddressBudget {
    const known = this.#budgets.get(address);
    if (known !== undefined) return known;
    if (this.#budgets.size >= 1_024) this.#sweep();
    const budget = new AddressBudget(this.#clock);
    this.#budgets.set(address, budget);
    return budget;
  }

  #sweep(): void {
    for (const [address, { isUnused }] of this.#budgets) if (isUnused) this.#budgets.delete(address);
  }
}

function bucket(clock: Clock, perSecond: number): TokenBucket {
  return new TokenBucket({ clock, burst: perSecond * BURST_SECONDS, perSecond });
}
