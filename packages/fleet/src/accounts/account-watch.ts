import type { BotAccount } from './bot-account.ts';
import type { BotLimits } from './bot-limits.ts';

/** What a bot took more of than it may. */
export interface Breach {
  readonly expected: string;
  readonly received: string;
  readonly account: BotAccount;
}

/** What is held, and what a breach calls it. */
const HELD = [
  ['heldBytes', 'bytes'],
  ['queuedFrames', 'queued frames'],
  ['tracks', 'tracks'],
  ['devices', 'devices'],
] as const;

interface Reading extends BotAccount {
  readonly at: number;
}

/**
 * Holds what a bot takes against what it may take: the average of its time, and the least of what it held, within the last `overMs`.
 * A moment of much is no breach.
 */
export class AccountWatch {
  readonly #limits: Required<BotLimits>;
  readonly #overMs: number;
  readonly #readings: Reading[] = [];

  constructor(limits: Required<BotLimits>) {
    this.#limits = limits;
    this.#overMs = limits.overMs;
  }

  /** How often to read, in milliseconds. */
  get everyMs(): number {
    return this.#overMs / 5;
  }

  /** One more reading. @param at in milliseconds of any clock that goes on */
  read(at: number, account: BotAccount): Breach | undefined {
    const readings = this.#readings;
    readings.push({ at, ...account });
    while (readings.length > 1 && readings[1]!.at <= at - this.#overMs) readings.shift();
    const first = readings[0]!;
    if (at - first.at < this.#overMs) return undefined;
    const { busy } = this.#limits;
    const cores = (account.busyMs - first.busyMs) / (at - first.at);
    if (cores > busy) return this.#breach(busy, cores, 'cores', account, 2);
    for (const [one, what] of HELD) {
      const least = Math.min(...readings.map((reading) => reading[one]));
      const limit = this.#limits[one];
      if (least > limit) return this.#breach(limit, least, what, account);
    }
    return undefined;
  }

  #breach(limit: number, taken: number, what: string, account: BotAccount, digits = 0): Breach {
    return {
      expected: `${limit} ${what} at most, over ${this.#overMs} ms`,
      received: `${taken.toFixed(digits)} ${what}`,
      account,
    };
  }
}
