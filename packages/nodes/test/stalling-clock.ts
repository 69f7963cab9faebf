import type { Clock } from '@sluice/core';

/** A clock whose process is away for a while: timers fire late, all at once. */
export class StallingClock implements Clock {
  #now = 0;
  #timers: { readonly time: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  at(time: number, callback: () => void): () => void {
    const timer = { time, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  track<T>(work: Promise<T>): Promise<T> {
    return work;
  }

  jump(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ time }) => time <= this.#now);
    this.#timers = this.#timers.filter(({ time }) => time > this.#now);
    for (const { callback } of due) callback();
  }
}
