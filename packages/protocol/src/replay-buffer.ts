/** How much is kept to be sent again after a connection was cut. */
export interface ReplayLimits {
  /** How many messages. The oldest is forgotten first. */
  readonly maxMessages: number;
  /** In UTF-16 code units. */
  readonly maxLength: number;
  /**
   * Milliseconds. A cut is noticed within seconds and a session resumed within a minute of it: what is older has come, and a
   * session that lives for long keeps no more than one that has just begun.
   */
  readonly maxAgeMs: number;
}

const LIMITS: ReplayLimits = { maxMessages: 256, maxLength: 512 * 1024, maxAgeMs: 120_000 };

/**
 * The last messages that were sent in a session, so that a side that lost its socket gets what it missed, once and in
 * order. Both sides count messages instead of numbering them: a socket delivers in order or not at all.
 */
export class ReplayBuffer {
  readonly #limits: ReplayLimits;
  readonly #messages: string[] = [];
  /** When each was sent. */
  readonly #times: number[] = [];
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

  /** @param nowMs on any clock that goes on, always the same one */
  push(message: string, nowMs: number): void {
    const { maxMessages, maxLength, maxAgeMs } = this.#limits;
    this.#messages.push(message);
    this.#times.push(nowMs);
    this.#length += message.length;
    this.#sent++;
    while (this.#messages.length > maxMessages || this.#length > maxLength || this.#times[0]! < nowMs - maxAgeMs) {
      this.#length -= this.#messages.shift()!.length;
      this.#times.shift();
    }
  }

  /** What the other side has not received, or undefined if that is no longer known. */
  after(received: number): readonly string[] | undefined {
    const missed = this.#sent - received;
    if (missed < 0 || missed > this.#messages.length) return undefined;
    return this.#messages.slice(this.#messages.length - missed);
  }
}
