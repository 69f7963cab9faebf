import type { LoadFigures, LoadLimits } from './worker-load.ts';

/** What one bot of a factory takes, as far as its author says so. */
export type BotCost = Partial<LoadFigures>;

/** Which jobs a worker has when it measures. */
export interface BotsAtWork {
  /** Those whose bots run or start. */
  readonly begun: ReadonlySet<string>;
  /** Those whose bots run. */
  readonly running: ReadonlySet<string>;
}

/** How much one measurement counts beside what was learnt before. */
const SHARE = 0.2;
const NONE: BotsAtWork = { begun: new Set(), running: new Set() };

/**
 * What bots are expected to take that no measurement contains yet: a worker measures twice a second, and is asked in between. A bot is
 * contained in what was measured while it ran all the time. What one takes is learnt from those: what is used beyond what the
 * worker used without bots, by their number.
 */
export class LoadForecast {
  #measured: LoadFigures;
  /** Without bots. */
  #idle: LoadFigures;
  #learnt: LoadFigures | undefined;
  #contained: ReadonlySet<string> = new Set();
  #before = NONE;
  /** Memory is not given back: what is there is of as many bots as there were at once. */
  #mostBots = 0;

  constructor(first: LoadFigures) {
    this.#measured = first;
    this.#idle = first;
  }

  get measured(): LoadFigures {
    return this.#measured;
  }

  /** Whether what a job's bot takes is measured. */
  contains(job: string): boolean {
    return this.#contained.has(job);
  }

  /** @param now What runs at the end of the time that was measured. */
  take(measured: LoadFigures, now: BotsAtWork): void {
    const { begun, running } = this.#before;
    this.#measured = measured;
    this.#contained = new Set([...running].filter((job) => now.running.has(job)));
    this.#mostBots = Math.max(this.#mostBots, begun.size);
    if (begun.size === 0 && now.begun.size === 0)
      this.#idle = { ...measured, memoryMb: Math.min(measured.memoryMb, this.#idle.memoryMb) };
    else if (this.#contained.size > 0) this.#learn(begun.size);
    this.#before = { begun: new Set(now.begun), running: new Set(now.running) };
  }

  /**
   * What one more bot is expected to take. What its author does not say and no bot has shown is an equal share of what is left, for each of
   * `places`: who gives a capacity means that so many fit.
   */
  costOf(declared: BotCost, limits: LoadLimits, places: number): LoadFigures {
    const guess = (one: keyof LoadFigures) => Math.max(0, limits[one] - this.#measured[one]) / Math.max(1, places);
    const of = (one: keyof LoadFigures) => declared[one] ?? this.#learnt?.[one] ?? guess(one);
    return { lagMs: of('lagMs'), cpu: of('cpu'), memoryMb: of('memoryMb') };
  }

  /** Bots that began meanwhile take something too: the more of them, the less it says of one that runs. */
  #learn(bots: number): void {
    const share = this.#learnt === undefined ? 1 : (SHARE * this.#contained.size) / bots;
    const each = (one: keyof LoadFigures, among: number) => {
      const seen = Math.max(0, this.#measured[one] - this.#idle[one]) / among;
      const known = this.#learnt?.[one] ?? 0;
      return known + share * (seen - known);
    };
    this.#learnt = {
      lagMs: each('lagMs', bots),
      cpu: each('cpu', bots),
      memoryMb: each('memoryMb', this.#mostBots),
    };
  }
}
