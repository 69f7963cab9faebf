import type { Cancel, Clock } from './clock.ts';

/** A clock that is lent to work which is tracked. */
export interface LentClock extends Clock {
  readonly lender: Clock;
}

/** The clock that others know, of which one was lent. */
export function lenderOf(clock: Clock): Clock {
  let lender = clock;
  while ('lender' in lender) lender = (lender as LentClock).lender;
  return lender;
}

/**
 * Tracks work that waits for the outside and, in between, on the clock: an opening that is tried again after a pause. It is
 * lent a clock; while a timer of that one is set, virtual time moves, and otherwise it stands still until the work has
 * settled. What waits for the outside while a timer of it is set, a deadline for example, needs a `track` of its own. Once
 * it has settled the lent clock is like any other. Go on with the promise that this returns.
 *
 * @example
 * const session = await trackTimed(bot.clock, (own) => model.open({ clock: own }));
 * @see Clock.track for work that sets no timer
 */
export function trackTimed<T>(clock: Clock, begin: (own: Clock) => Promise<T>): Promise<T> {
  return clock.trackTimed?.(begin) ?? clock.track(begin(clock));
}

/** Work that holds its lender while none of its own timers is set. */
export class TimedWork implements LentClock {
  readonly lender: Clock;
  #timers = 0;
  #over = false;
  #lift: () => void = () => {};

  /** Begins it. */
  static run<T>(lender: Clock, begin: (own: Clock) => Promise<T>): Promise<T> {
    const timed = new TimedWork(lender);
    const over = () => timed.#end();
    try {
      const work = begin(timed);
      work.then(over, over);
      return work;
    } catch (error) {
      over();
      throw error;
    }
  }

  private constructor(lender: Clock) {
    this.lender = lender;
    this.#hold();
  }

  get repeatable(): boolean {
    return this.lender.repeatable === true;
  }

  now(): number {
    return this.lender.now();
  }

  at(time: number, callback: () => void): Cancel {
    if (this.#over) return this.lender.at(time, callback);
    let isSet = true;
    const gone = () => {
      if (!isSet) return;
      isSet = false;
      if (--this.#timers === 0) this.#hold();
    };
    const cancel = this.lender.at(time, () => {
      gone();
      callback();
    });
    if (++this.#timers === 1) this.#lift();
    return () => {
      cancel();
      gone();
    };
  }

  track<T>(work: Promise<T>): Promise<T> {
    return this.lender.track(work);
  }

  trackTimed<T>(begin: (own: Clock) => Promise<T>): Promise<T> {
    return TimedWork.run(this, begin);
  }

  #hold(): void {
    if (this.#over) return;
    void this.lender.track(
      new Promise<void>((resolve) => {
        this.#lift = resolve;
      }),
    );
  }

  #end(): void {
    this.#over = true;
    this.#lift();
  }
}
