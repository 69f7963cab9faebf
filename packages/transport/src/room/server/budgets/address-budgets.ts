import type { Clock } from '@sluice/core';
import { limits, TokenBucket } from '@sluice/protocol';
import { Offences } from './offences.ts';

/** At once, in seconds of the rate. */
const BURST_SECONDS = 2;
/** A newcomer costs all others more than a message: it counts as so many. */
export const JOIN_COST = 5;
/** Joins of an address, at once and a second, as parts of the sockets that it may have: each has all others make a connection. */
const JOIN_BURST = 2;
const JOINS_PER_SECOND = 1 / 32;
/** Those of an address that may wait at doors, as a part of its sockets: a door has place for 32. */
const WAITING = 1 / 4;
/** An address this far ahead of its rate, in milliseconds, is slowed wherever more than a fair share is sent. */
export const CROWDED_MS = 2_000;

/**
 * What all clients of one address may send together. One that is over it slows those of its clients that send much
 * themselves, and newcomers; one that is far over it all that send more than their part.
 */
export class AddressBudget {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #joins: TokenBucket;
  readonly #most: number;
  readonly #offences: Offences;
  #sockets = 0;
  #waiting = 0;

  /** @param most Sockets that it may have. */
  constructor(clock: Clock, most: number) {
    this.#most = most;
    this.#offences = new Offences(clock);
    this.#joins = new TokenBucket({ clock, burst: JOIN_BURST * most, perSecond: JOINS_PER_SECOND * most });
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

  /** Counts somebody who waits to be let in. What it returns ends that; null where too many wait. */
  wait(): (() => void) | null {
    if (this.#waiting >= WAITING * this.#most) return null;
    this.#waiting++;
    return () => {
      this.#waiting--;
    };
  }

  /** Counts somebody who comes into a room. Returns false where too many have, or one of them was refused there of late. */
  tryJoin(room: string): boolean {
    return !this.#offences.turnsAway(room) && this.#joins.tryTake();
  }

  /** A client was refused for what it sent. It comes back as who it is; as somebody else it would have all limits anew. */
  offended(room: string): void {
    this.#offences.add(room);
  }

  /** Whether it has offended of late, in a room that may be open to it again. */
  isSuspect(room: string): boolean {
    return this.#offences.remembers(room);
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
      this.#joins.left >= JOIN_BURST * this.#most &&
      this.#offences.isEmpty &&
      this.#messages.left >= limits.messagesPerAddressPerSecond * BURST_SECONDS &&
      this.#bytes.left >= limits.bytesPerAddressPerSecond * BURST_SECONDS
    );
  }
}

/** The budgets of all addresses that have been here of late. */
export class AddressBudgets {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #budgets = new Map<string, AddressBudget>();

  /** @param most Sockets that each may have. */
  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  of(address: string): AddressBudget {
    const known = this.#budgets.get(address);
    if (known !== undefined) return known;
    if (this.#budgets.size >= 1_024) this.#sweep();
    const budget = new AddressBudget(this.#clock, this.#most);
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
