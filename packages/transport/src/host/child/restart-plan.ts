/** Waits before the engine after the first, second and third death within the window, in milliseconds. */
const SOON_MS = [0, 250, 1_000] as const;
const WINDOW_MS = 60_000;
/** Engines of a crisis are started so long after it began, in milliseconds. */
const LATER_MS = [10_000, 20_000, 40_000] as const;
/** A crisis ends so long after it began, in milliseconds: with an engine that runs, or for good. */
export const CRISIS_MS = 60_000;

/** What follows a death, in milliseconds of the clock. */
export interface Restart {
  /** When the next engine is started; undefined when this crisis has no more of them. */
  readonly retryAt: number | undefined;
  /** Of a crisis that begins with this death: when it is decided. */
  readonly decideAt: number | undefined;
}

/** When an engine that dies is started again. The fourth death within a minute begins a crisis, with a few late engines. */
export class RestartPlan {
  #deaths: number[] = [];
  #crisis: number | undefined;

  /** The engine died. */
  died(now: number): Restart {
    this.#deaths = [...this.#deaths.filter((time) => now - time < WINDOW_MS), now];
    const soon = SOON_MS[this.#deaths.length - 1];
    if (this.#crisis === undefined && soon !== undefined) return { retryAt: now + soon, decideAt: undefined };
    const begins = this.#crisis === undefined;
    const since = this.#crisis ?? now;
    this.#crisis = since;
    const retryAt = LATER_MS.map((wait) => since + wait).find((time) => time > now);
    return { retryAt, decideAt: begins ? since + CRISIS_MS : undefined };
  }

  /** The crisis is over, and an engine runs. */
  recovered(): void {
    this.#crisis = undefined;
  }
}
