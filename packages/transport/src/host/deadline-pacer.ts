import type { Cancel, Clock } from '@sluice/core';
import { TickLateness } from './tick-lateness.ts';

/** Length of a tick in milliseconds: what the engine takes at a time. */
export const TICK_MS = 10;
/** A schedule that is further behind than this is moved instead of caught up with, in milliseconds. */
const LONGEST_CATCH_UP_MS = 200;

/** Told on each tick how many slices are due, usually 1, and how late it is, in milliseconds. */
export type PlaySlices = (slices: number, lateMs: number) => void;

/**
 * One absolute schedule, `t0 + n * 10 ms` on the clock, for all tracks of a process. A late tick plays every slice that
 * is due, at most 200 ms of them; after a longer stall the schedule starts anew from now, so that old media is not
 * played in a burst. It ticks only while it has members.
 *
 * Ticks come from the clock's timers alone: Node's timers are late by about a millisecond at most while the loop is
 * free, which the receiver's jitter buffer does not notice, and spinning up to the deadline would cost a core.
 */
export class DeadlinePacer {
  readonly #clock: Clock;
  readonly #lateness = new TickLateness();
  readonly #members = new Set<PlaySlices>();
  readonly #afterTick: () => void;
  #cancel: Cancel | undefined;
  #next = 0;
  #reanchored = 0;

  /** `afterTick` runs once after all members of a tick, for reports in one piece. */
  constructor(clock: Clock, afterTick: () => void = () => {}) {
    this.#clock = clock;
    this.#afterTick = afterTick;
  }

  /** Times that the schedule was moved because of a stall over 200 ms. */
  get reanchored(): number {
    return this.#reanchored;
  }

  /** Lateness of ticks since the last call, in milliseconds. */
  takeLateness(): { p50: number; p99: number; max: number } {
    return this.#lateness.take();
  }

  add(play: PlaySlices): Cancel {
    this.#members.add(play);
    if (this.#cancel === undefined) {
      this.#next = this.#clock.now() + TICK_MS;
      this.#arm();
    }
    return () => {
      this.#members.delete(play);
      if (this.#members.size === 0) this.stop();
    };
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    this.#cancel = this.#clock.at(this.#next, this.#tick);
  }

  #tick = (): void => {
    const late = this.#clock.now() - this.#next;
    this.#lateness.add(late);
    let slices = 1 + Math.floor(late / TICK_MS);
    if (late > LONGEST_CATCH_UP_MS) {
      this.#reanchored++;
      this.#next += late;
      slices = 1;
    }
    this.#next += slices * TICK_MS;
    this.#arm();
    for (const play of this.#members) play(slices, late);
    this.#afterTick();
  };
}
