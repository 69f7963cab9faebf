import { realClock } from '@sluice/core';

/** How much earlier than the fault a word may have left that is lost with it, in milliseconds. */
const BEFORE_MS = 400;
/** How long a jitter buffer takes to find its size again, in milliseconds. */
const AFTER_MS = 1_000;

/** When somebody could not hear the agent, whatever it said. Several reasons may hold at once. */
export class TimesDeaf {
  readonly #times: { readonly fromMs: number; toMs: number }[] = [];

  /** From now on, until the returned function is called. */
  begin(): () => void {
    const time = { fromMs: realClock.now() - BEFORE_MS, toMs: Number.POSITIVE_INFINITY };
    this.#times.push(time);
    return () => {
      time.toMs = Math.min(time.toMs, realClock.now() + AFTER_MS);
    };
  }

  overlap(fromMs: number, toMs: number): boolean {
    return this.#times.some((time) => fromMs < time.toMs && toMs > time.fromMs);
  }
}
