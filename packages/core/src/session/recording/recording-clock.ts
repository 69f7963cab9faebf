import type { Cancel, Clock } from '../../time/clock.ts';
import { trackTimed } from '../../time/timed-work.ts';
import type { InsideClock } from '../passage/inside-clock.ts';
import type { Gate } from './gate.ts';

/** Writes down what the clock does. */
export interface ClockNotes {
  timer(atMs: number, timer: number, dueMs: number): void;
  settled(atMs: number, track: number, failed: boolean): void;
  /** Somebody asks the clock outside of an event. */
  bypassed(): void;
}

/** The clock of a graph that is recorded: timers and tracked work come through the gate. */
export class RecordingClock implements Clock {
  readonly repeatable = true;
  readonly #base: Clock;
  readonly #gate: Gate;
  readonly #notes: ClockNotes;
  #timers = 0;
  #tracks = 0;

  constructor(base: Clock, gate: Gate, notes: ClockNotes) {
    this.#base = base;
    this.#gate = gate;
    this.#notes = notes;
  }

  now(): number {
    return this.#gate.now;
  }

  at(time: number, callback: () => void): Cancel {
    return this.#at(this.#base, time, callback);
  }

  track<T>(work: Promise<T>): Promise<T> {
    const settled = this.#gated(work);
    void this.#base.track(settled);
    return settled;
  }

  trackTimed<T>(begin: (own: Clock) => Promise<T>): Promise<T> {
    return this.#trackTimed(this.#base, begin);
  }

  #trackTimed<T>(base: Clock, begin: (own: Clock) => Promise<T>): Promise<T> {
    let settled: Promise<T> | undefined;
    void trackTimed(base, (outside) => {
      settled = this.#gated(begin(this.#lent(outside)));
      return settled;
    });
    return settled!;
  }

  /** `outside` is lent by the clock outside: timers on it come through the gate as well. */
  #lent(outside: Clock): InsideClock {
    return {
      lender: this,
      outside,
      repeatable: true,
      now: () => this.now(),
      at: (time, callback) => this.#at(outside, time, callback),
      track: (work) => this.track(work),
      trackTimed: (begin) => this.#trackTimed(outside, begin),
    };
  }

  #at(base: Clock, time: number, callback: () => void): Cancel {
    if (!this.#gate.busy) this.#notes.bypassed();
    const timer = this.#timers++;
    let wanted = true;
    const event = {
      wanted: () => wanted,
      note: (atMs: number) => this.#notes.timer(atMs, timer, time),
      act: callback,
    };
    const cancel = base.at(time, () => this.#gate.enter(event));
    return () => {
      wanted = false;
      cancel();
    };
  }

  #gated<T>(work: Promise<T>): Promise<T> {
    if (!this.#gate.busy) this.#notes.bypassed();
    const track = this.#tracks++;
    return new Promise<T>((resolve, reject) => {
      const enter = (failed: boolean, act: () => void) =>
        this.#gate.enter({ note: (atMs) => this.#notes.settled(atMs, track, failed), act });
      work.then(
        (value) => enter(false, () => resolve(value)),
        (error: unknown) => enter(true, () => reject(error)),
      );
    });
  }
}
