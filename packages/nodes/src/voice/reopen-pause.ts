import type { Cancel, Clock } from '@sluice/core';

/** The first pause before a lost model is opened anew, in milliseconds. It doubles with each loss. */
const FIRST_MS = 50;
/** Somebody waits to be heard: never longer. */
const LONGEST_MS = 2_000;
/** A session that lasted so long has paid the pauses back, in milliseconds. */
const HEALTHY_MS = 10_000;

/** How long to wait before a model is opened anew: for ever, ever more seldom, and never so long that nobody notices. */
export class ReopenPause {
  readonly #clock: Clock;
  #ms = FIRST_MS;
  #openedAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  opened(): void {
    this.#openedAt = this.#clock.now();
  }

  /** Calls after the pause. */
  after(reopen: () => void): Cancel {
    const now = this.#clock.now();
    if (now - this.#openedAt >= HEALTHY_MS) this.#ms = FIRST_MS;
    this.#openedAt = Number.POSITIVE_INFINITY;
    const pause = this.#ms;
    this.#ms = Math.min(LONGEST_MS, this.#ms * 2);
    return this.#clock.at(now + pause, reopen);
  }
}
