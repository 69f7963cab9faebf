// What one client, one pair of clients and one address may send. Counts only: who is slowed or refused is decided above.

import type { Clock } from '@sluice/core';
import { limits, TokenBucket } from '@sluice/protocol';

/** Answers that are not counted, at once and a second in the long run: those to the offers of a full room. */
const ANSWER_BURST = 64 * 32;
const ANSWERS_PER_SECOND = 200;

/** Messages above a rate after which they are no burst any more. */
const STEADY = 100;

/** What one participant may send, in messages and in bytes. It belongs to the participant and not to a socket. */
export class MessageBudget {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  /** Two who ask each other all the time get no more of it than this. */
  readonly #answers: TokenBucket;

  readonly #clock: Clock;
  #ahead = 0;
  #aheadAt = 0;
  #offended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#messages = new TokenBucket({ clock, burst: limits.messageBurst, perSecond: limits.messagesPerSecond });
    this.#bytes = new TokenBucket({ clock, burst: limits.byteBurst, perSecond: limits.bytesPerSecond });
    this.#answers = new TokenBucket({ clock, burst: ANSWER_BURST, perSecond: ANSWERS_PER_SECOND });
  }

  /** Whether it has sent more of late than it could go on with: half of the burst is gone. */
  get strained(): boolean {
    return this.#messages.left < limits.messageBurst / 2 || this.#bytes.left < limits.byteBurst / 2;
  }

  /** Whether it goes on at more than so many messages a second. To be asked once for each message. */
  exceeds(perSecond: number): boolean {
    const now = this.#clock.now();
    this.#ahead = Math.max(0, this.#ahead - ((now - this.#aheadAt) * perSecond) / 1_000) + 1;
    this.#aheadAt = now;
    return this.#ahead > STEADY;
  }

  /** Returns true the first time. */
  offends(): boolean {
    const isFirst = !this.#offended;
    this.#offended = true;
    return isFirst;
  }

  /** Counts a message. Returns the milliseconds until the rate is kept again: 0 while it is. */
  take(bytes: number, messages = 1): number {
    return Math.max(this.#messages.take(messages), this.#bytes.take(bytes));
  }

  /** Takes back that a message was counted, which was an answer, as long as those are no flood themselves. */
  give(bytes: number): void {
    if (!this.#answers.tryTake()) return;
    this.#messages.give();
    this.#bytes.give(bytes);
  }
}
