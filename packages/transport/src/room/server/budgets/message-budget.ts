// What one client, one pair of clients and one address may send. Counts only: who is slowed or refused is decided above.

import type { Clock } from '@sluice/core';
import { limits } from '@sluice/protocol';
import { TokenBucket } from './token-bucket.ts';

/** What one participant may send, in messages and in bytes. It belongs to the participant and not to a socket. */
export class MessageBudget {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;

  constructor(clock: Clock) {
    this.#messages = new TokenBucket({ clock, burst: limits.messageBurst, perSecond: limits.messagesPerSecond });
    this.#bytes = new TokenBucket({ clock, burst: limits.byteBurst, perSecond: limits.bytesPerSecond });
  }

  /** Whether it has sent more of late than it could go on with: half of the burst is gone. */
  get strained(): boolean {
    return this.#messages.left < limits.messageBurst / 2 || this.#bytes.left < limits.byteBurst / 2;
  }

  /** Counts a message. Returns the milliseconds until the rate is kept again: 0 while it is. */
  take(bytes: number, messages = 1): number {
    return Math.max(this.#messages.take(messages), this.#bytes.take(bytes));
  }

  /** Takes back that a message was counted. */
  give(bytes: number): void {
    this.#messages.give();
    this.#bytes.give(bytes);
  }
}
