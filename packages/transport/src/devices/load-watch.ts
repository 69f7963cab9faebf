import type { Cancel, Clock } from '@sluice/core';
import { Listeners } from '../host/listeners.ts';

/** Whether the process has time for what it does, by how late timers of its event loop are. */
export interface CpuLoad {
  /** `high`: a fifth of the timers is 60 ms late or more. `low` again: less than a tenth of them is 30 ms late. */
  readonly state: 'low' | 'high';
  /** A tenth of the timers of the last seconds was at least as late, in milliseconds. */
  readonly latenessMs: number;
  /** Pictures that were left out for it so far, written and received ones. */
  readonly picturesShed: number;
}

/** Says when pictures give way to sound. */
export interface PictureShedding {
  /** Whether pictures are left out at the moment. */
  readonly sheds: boolean;
  /** Whether to leave out a picture of a track whose last one was taken at `lastAt`. Counts it. */
  shed(lastAt: number): boolean;
}

/** A timer every so often, in milliseconds, and so many of them: five seconds. */
const EVERY_MS = 100;
const TICKS = 50;
const HIGH = { lateMs: 60, ticks: TICKS / 5 } as const;
const LOW = { lateMs: 30, ticks: TICKS / 10 } as const;
/** Pictures of a track that go on meanwhile: one in so many milliseconds. */
const SHED_MS = 200;

/**
 * Watches whether the event loop comes to what it has to do, while there is a call. One long stall is none: that counts as one
 * late timer.
 */
export class LoadWatch implements PictureShedding {
  readonly changes = new Listeners<CpuLoad>();
  readonly #clock: Clock;
  readonly #sheds: boolean;
  readonly #late = new Float64Array(TICKS);
  #tick = 0;
  #users = 0;
  #high = false;
  #shed = 0;
  #cancel: Cancel = () => {};

  /** @param sheds whether pictures give way */
  constructor(clock: Clock, sheds: boolean) {
    this.#clock = clock;
    this.#sheds = sheds;
  }

  get load(): CpuLoad {
    const latenessMs = this.#late.toSorted().at(-LOW.ticks)!;
    return { state: this.#high ? 'high' : 'low', latenessMs, picturesShed: this.#shed };
  }

  get sheds(): boolean {
    return this.#sheds && this.#high;
  }

  shed(lastAt: number): boolean {
    if (!this.sheds || this.#clock.now() - lastAt >= SHED_MS) return false;
    this.#shed++;
    return true;
  }

  /** Watches until every caller has called what was returned. */
  watch(): Cancel {
    if (this.#users++ === 0) this.#wake();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      if (--this.#users === 0) this.#stop();
    };
  }

  #wake(): void {
    const due = this.#clock.now() + EVERY_MS;
    this.#cancel = this.#clock.at(due, () => {
      this.#late[this.#tick++ % TICKS] = this.#clock.now() - due;
      this.#judge();
      this.#wake();
    });
  }

  #judge(): void {
    const { lateMs, ticks } = this.#high ? LOW : HIGH;
    let late = 0;
    for (const ms of this.#late) if (ms >= lateMs) late++;
    const high = late >= ticks;
    if (high === this.#high) return;
    this.#high = high;
    this.changes.emit(this.load);
  }

  #stop(): void {
    this.#cancel();
    this.#late.fill(0);
    this.#high = false;
  }
}
