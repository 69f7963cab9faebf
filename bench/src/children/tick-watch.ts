import { performance } from 'node:perf_hooks';
import { realClock } from '@sluice/core';

const TICK_MS = 10;

/** What a {@link TickWatch} saw since it was started. */
export interface SeenTicks {
  /** How late ticks of 10 ms came, in milliseconds. */
  readonly late: readonly number[];
  /** How much of the time the event loop was busy, 0 to 1. */
  readonly busy: number;
}

/** Ticks of 10 ms until the process ends: what paces media in this process is as late as they are. */
export class TickWatch {
  #late: number[] = [];
  #use = performance.eventLoopUtilization();
  #due: number;

  constructor() {
    this.#due = realClock.now() + TICK_MS;
    realClock.at(this.#due, this.#tick);
  }

  get seen(): SeenTicks {
    return { late: this.#late, busy: performance.eventLoopUtilization(this.#use).utilization };
  }

  /** From now on. */
  start(): void {
    this.#late = [];
    this.#use = performance.eventLoopUtilization();
  }

  #tick = (): void => {
    const now = realClock.now();
    this.#late.push(now - this.#due);
    this.#due = Math.max(this.#due + TICK_MS, now);
    realClock.at(this.#due, this.#tick);
  };
}
