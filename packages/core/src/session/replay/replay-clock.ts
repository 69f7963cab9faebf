import { invalidArgument } from '../../errors.ts';
import type { Cancel, Clock } from '../../time/clock.ts';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

interface Work {
  /** Settles when the work has; never rejects. */
  readonly real: Promise<boolean>;
  readonly settle: () => void;
}

/** The clock of a replay: time is what the session says, timers fire and work settles when their records come. */
export class ReplayClock implements Clock {
  readonly repeatable = true;
  readonly #timers = new Map<number, Timer>();
  readonly #works = new Map<number, Work>();
  #timerCount = 0;
  #workCount = 0;
  #now = 0;
  #over = false;

  now(): number {
    return this.#now;
  }

  set(atMs: number): void {
    this.#now = atMs;
  }

  at(time: number, callback: () => void): Cancel {
    if (Number.isNaN(time)) throw invalidArgument('time', 'milliseconds', time);
    const timer = this.#timerCount++;
    this.#timers.set(timer, { due: time, callback });
    return () => this.#timers.delete(timer);
  }

  track<T>(work: Promise<T>): Promise<T> {
    const track = this.#workCount++;
    if (this.#over) return work;
    return new Promise<T>((resolve, reject) => {
      let settle = () => {};
      const real = work.then(
        (value) => {
          settle = () => resolve(value);
          return true;
        },
        (error: unknown) => {
          settle = () => reject(error);
          return false;
        },
      );
      this.#works.set(track, { real, settle: () => settle() });
    });
  }

  /** The timer of this number, which fires once; undefined if none was set or it was cancelled. */
  takeTimer(timer: number): Timer | undefined {
    const found = this.#timers.get(timer);
    this.#timers.delete(timer);
    return found;
  }

  /** The work of this number, once. */
  takeWork(track: number): Work | undefined {
    const found = this.#works.get(track);
    this.#works.delete(track);
    return found;
  }

  /** The session is over: work that is under way settles as it does. */
  end(): void {
    this.#over = true;
    for (const { real, settle } of this.#works.values()) void real.then(settle);
    this.#works.clear();
    this.#timers.clear();
  }
}
