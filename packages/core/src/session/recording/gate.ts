// Recording: everything of the outside that comes to a graph comes through one gate, one event at a time, and is written
// down in that order.

import type { Clock } from '../../time/clock.ts';
import { whenDrained } from '../passage/drained.ts';

/** Something that comes in. */
export interface GateEvent {
  /** Whether it is still wanted when its turn has come. */
  readonly wanted?: () => boolean;
  /** Writes it down, with the time at which it comes. */
  readonly note: (atMs: number) => void;
  readonly act: () => void;
  /** It never comes in: give back what it holds. */
  readonly drop?: () => void;
}

/**
 * Lets one event in at a time: the clock stands still while it is handled and until all promises have settled, and only then
 * the next one comes. So a run in real time is a row of steps that can be made again.
 */
export class Gate {
  readonly #base: Clock;
  readonly #queue: GateEvent[] = [];
  readonly #after: (() => void)[] = [];
  #busy = false;
  #now: number;
  #closed = false;
  /** Ends the stand-still of a virtual clock. */
  #idle: (() => void) | undefined;
  /** Events that came in. */
  events = 0;

  constructor(base: Clock) {
    this.#base = base;
    this.#now = base.now();
  }

  /** The time of the event that is being handled, or was last. In milliseconds of the clock outside. */
  get now(): number {
    return this.#now;
  }

  /** Whether an event is being handled. What happens otherwise did not come through the gate. */
  get busy(): boolean {
    return this.#busy;
  }

  enter(event: GateEvent): void {
    if (this.#closed) return event.drop?.();
    if (!this.#busy && this.#queue.length === 0) return this.#handle(event);
    this.#queue.push(event);
    // Virtual time must not move on while somebody waits in it.
    if (this.#idle === undefined)
      void this.#base.track(
        new Promise<void>((resolve) => {
          this.#idle = resolve;
        }),
      );
  }

  /** Calls back when nothing is being handled: what somebody outside then does is not of the event. */
  whenFree(callback: () => void): void {
    if (this.#busy) this.#after.push(callback);
    else callback();
  }

  /** Nothing comes in any more. */
  close(): void {
    this.#closed = true;
    for (const { drop } of this.#queue.splice(0)) drop?.();
    this.#rest();
  }

  #handle(event: GateEvent): void {
    if (event.wanted?.() === false) return;
    this.#busy = true;
    this.events++;
    this.#now = Math.max(this.#now, this.#base.now());
    try {
      event.note(this.#now);
      event.act();
    } finally {
      whenDrained(this.#next);
    }
  }

  readonly #next = (): void => {
    this.#busy = false;
    const after = this.#after.splice(0);
    for (const callback of after) callback();
    // What they set off is over before the next one comes.
    if (after.length > 0 && this.#queue.length > 0) return whenDrained(this.#next);
    while (!this.#busy && this.#queue.length > 0) this.#handle(this.#queue.shift()!);
    if (!this.#busy) this.#rest();
  };

  #rest(): void {
    this.#idle?.();
    this.#idle = undefined;
  }
}
