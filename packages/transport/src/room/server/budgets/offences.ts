import type { Clock } from '@sluice/core';

/** How long an address brings nobody new into a room after the first offence there, the second and so on, in milliseconds. */
const CLOSED_MS = [2_000, 5_000, 10_000, 30_000] as const;
/** Newcomers that are turned away at a closed room; one more is an offence as well. */
const KNOCKS = 8;
/** Offences are forgotten once the room has been open to the address for so long, in milliseconds. */
const FORGOTTEN_MS = 120_000;

interface Offence {
  readonly count: number;
  readonly until: number;
  /** Who was turned away since the last one. */
  knocks: number;
}

/**
 * Rooms that are closed to newcomers of an address for a while, because clients of it were refused there. Others may stand behind
 * the same address: once is soon forgiven, again and again is not, nor who comes again at once as somebody else.
 */
export class Offences {
  readonly #clock: Clock;
  /** By room. */
  readonly #rooms = new Map<string, Offence>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a new one is the same. */
  get isEmpty(): boolean {
    this.#forget();
    return this.#rooms.size === 0;
  }

  /** Somebody new comes. Returns whether nobody is let in now. */
  turnsAway(room: string): boolean {
    const offence = this.#rooms.get(room);
    if (offence === undefined || offence.until <= this.#clock.now()) return false;
    // The longest is never made longer by those who wait for its end.
    if (++offence.knocks > KNOCKS && offence.count < CLOSED_MS.length) this.add(room);
    return true;
  }

  /** Whether there was one that is not forgotten. */
  remembers(room: string): boolean {
    this.#forget();
    return this.#rooms.has(room);
  }

  /** One more, also while the room is closed. */
  add(room: string): void {
    this.#forget();
    const before = this.#rooms.get(room);
    const count = before?.count ?? 0;
    const until = this.#clock.now() + CLOSED_MS[Math.min(count, CLOSED_MS.length - 1)]!;
    this.#rooms.set(room, { count: count + 1, until, knocks: 0 });
  }

  #forget(): void {
    const now = this.#clock.now();
    for (const [room, { until }] of this.#rooms) if (until + FORGOTTEN_MS <= now) this.#rooms.delete(room);
  }
}
