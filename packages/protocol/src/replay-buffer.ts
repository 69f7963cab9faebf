/** How much is kept to be sent again after a connection was cut. */
export interface ReplayLimits {
  /** How many messages. The oldest is forgotten first. */
  readonly maxMessages: number;
  /** In UTF-16 code units. */
  readonly maxLength: number;
}

const LIMITS: ReplayLimits = { maxMessages: 256, maxLength: 512 * 1024 };

/**
 * The last messages that were sent in a session, so that a side that lost its socket gets what it missed, once and in
 * order. Both sides count messages instead of numbering them: a socket delivers in order or not at all.
 */
export class ReplayBuffer {
  readonly #limits: ReplayLimits;
  readonly #messages: string[] = [];
  #length = 0;
  #sent: number;

  /** @param sent Messages since the session began, none of which is known any more. */
  constructor(limits: ReplayLimits = LIMITS, sent = 0) {
    this.#limits = limits;
    this.#sent = sent;
  }

  /** Messages since the session began. */
  get sent(): number {
    return this.#sent;
  }

  push(message: string): void {
    this.#messages.push(message);
    this.#length += message.length;
    this.#sent++;
    while (this.#messages.length > this.#limits.maxMessages || this.#length > this.#limits.maxLength)
      this.#length -= this.#messages.shift()!.length;
  }

  /** What the other side has not received, or undefined if that is no longer known. */
  after(received: number): readonly string[] | undefined {
    const missed = this.#sent - received;
    if (missed < 0 || missed > this.#messages.length) return undefined;
    return this.#messages.slice(this.#messages.length - missed);
  }
}
