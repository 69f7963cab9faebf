import { ALIVE_EVERY_MS } from './silence-count.ts';

/**
 * How long an engine that says that it is there may owe an answer, a receipt for a picture or any progress of sound that waits,
 * in milliseconds. The slowest that it owes rightly is the beginning of sound behind the longest cushion, 5 s.
 */
export const ANSWERED_WITHIN_MS = 10_000;

/** How often in a row it was looked, and something was owed. Looks are counted, not time, as by `SilenceCount`. */
export class OverdueCount {
  #looks = 0;

  /** Something of it came. */
  settled(): void {
    this.#looks = 0;
  }

  look(owed: boolean): number {
    this.#looks = owed ? this.#looks + 1 : 0;
    return this.#looks;
  }
}

export function looksWithin(milliseconds: number): number {
  return Math.ceil(milliseconds / ALIVE_EVERY_MS);
}
