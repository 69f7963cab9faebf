// What one client, one pair of clients and one address may send. Counts only: who is slowed or refused is decided above.

import type { Clock } from '@sluice/core';
import { limits } from '@sluice/protocol';
import { TokenBucket } from '../../protocol/token-bucket.ts';

/** Answers that are not counted, at once and a second in the long run: those to the offers of a full room. */
const ANSWER_BURST = 64 * 32;
const ANSWERS_PER_SECOND = 200;

/** What one participant may send, in messages and in bytes. It belongs to the participant and not to a socket. */
export class MessageBudget {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  /** Two who ask each other all the time get no more of it than this. */
  readonly #answers: TokenBucket;

  constructor(clock: Clock) {
    this.#messages = new TokenBucket({ clock, burst: limits.messageBurst, perSecond: limits.messagesPerSecond });
    this.#bytes = new TokenBucket({ clock, burst: limits.byteBurst, perSecond: limits.bytesPerSecond });
    this.#answers = new TokenBucket({ clock, burst: ANSWER_BURST, perSecond: ANSWERS_PER_SECOND });
  }

  /** Whether it has sent more of late than it could go on with: half of the burst is gone. */
  get strained(): boolean {
    return this.#messages.left < limits.messageBurst / 2 || this.#bytes.left < limits.byteBurst / 2;
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
