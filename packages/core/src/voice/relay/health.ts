import type { Clock } from '../../time/clock.ts';
import { lenderOf } from '../../time/timed-work.ts';

interface Rest {
  /** It is asked only if nobody else is left, until then. */
  readonly untilMs: number;
  /** It has said that it will not answer before. */
  readonly closedUntilMs: number;
}

/** Which of several models are at rest after a fault; known to all sessions of the same clock. */
export class Health {
  readonly #count: number;
  // Moments of one clock mean nothing on another.
  readonly #rests = new WeakMap<Clock, Map<number, Rest>>();

  constructor(count: number) {
    this.#count = count;
  }

  rest(clock: Clock, index: number, untilMs: number, closedUntilMs: number): void {
    this.#of(clock).set(index, { untilMs, closedUntilMs });
  }

  /** The first that is not at rest; else the first that may be asked all the same; undefined if none is left. */
  choose(clock: Clock, now: number, without: ReadonlySet<number>): number | undefined {
    const rests = this.#of(clock);
    const left = Array.from({ length: this.#count }, (_, index) => index).filter((index) => !without.has(index));
    const isAwake = (index: number) => (rests.get(index)?.untilMs ?? now) <= now;
    const isOpen = (index: number) => (rests.get(index)?.closedUntilMs ?? now) <= now;
    return left.find(isAwake) ?? left.find(isOpen);
  }

  /** When the first of those before `index` has rested; undefined if there is none. */
  restedMs(clock: Clock, index: number): number | undefined {
    const before = Array.from(
      { length: index },
      (_, one) => this.#of(clock).get(one)?.untilMs ?? Number.NEGATIVE_INFINITY,
    );
    return before.length === 0 ? undefined : Math.min(...before);
  }

  #of(clock: Clock): Map<number, Rest> {
    const known = lenderOf(clock);
    let rests = this.#rests.get(known);
    if (rests === undefined) {
      rests = new Map();
      this.#rests.set(known, rests);
    }
    return rests;
  }
}
