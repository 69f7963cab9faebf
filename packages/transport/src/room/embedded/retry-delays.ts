import type { Clock } from '@sluice/core';
import type { Refusal } from '@sluice/protocol';
import { backoff } from '../session/backoff.ts';

/**
 * Delays between attempts to come back, in milliseconds, each drawn between nothing and its double, so that those who
 * lost the same server do not come back in one moment.
 */
const RETRY_MS = [100, 500, 1_000] as const;
/** Delays after a refusal for saying too much, each drawn between its half and its one and a half, in milliseconds. */
const RATE_MS = [1_000, 2_000, 5_000, 10_000, 20_000] as const;
/** Who said not too much for this long after it came back begins with the first of them again. Milliseconds. */
const FORGOTTEN_MS = 60_000;

/** How long to wait before the next socket. */
export class RetryDelays {
  readonly #clock: Clock;
  #lost = backoff(RETRY_MS, 1);
  #rated = backoff(RATE_MS, 0.5);
  #forgottenAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A socket was lost that served the session. What was said too much is not forgotten by that. */
  begin(): void {
    this.#lost = backoff(RETRY_MS, 1);
  }

  /** @param refusal that ended the last socket. Returns milliseconds. */
  next(refusal: Refusal | undefined): number {
    if (refusal !== 'rate') return this.#lost();
    const now = this.#clock.now();
    if (now > this.#forgottenAt) this.#rated = backoff(RATE_MS, 0.5);
    const delay = this.#rated();
    this.#forgottenAt = now + delay + FORGOTTEN_MS;
    return delay;
  }
}
