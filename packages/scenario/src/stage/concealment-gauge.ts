import { type Cancel, type Clock, realClock } from '@sluice/core';
import type { NetworkStats } from '@sluice/transport';
import type { Ear } from './ear.ts';
import type { Hole, Received } from './stage.ts';

type Counters = Pick<NetworkStats, 'concealedMs' | 'concealmentEvents' | 'packetsLost'>;

export interface ConcealmentGaugeOptions {
  /** Measures what the person's receiver did so far. */
  readonly stats: () => Promise<Counters>;
  readonly ear: Pick<Ear, 'firstSound' | 'holes'>;
  /** The moment on the stage's timeline, in milliseconds. */
  readonly now: () => number;
  readonly clock?: Clock;
}

/** How often a receiver is asked, in milliseconds; each time costs the engine 0.4 ms. */
const EVERY_MS = 100;
/** How long after a sound it may still be the one that is made up, in milliseconds. */
const TAIL_MS = 60;

/**
 * What a receiver made up of a voice, by its own counters, and what never reached the ear. What is made up while nothing is
 * to be heard is nobody's loss and is left out.
 */
export class ConcealmentGauge {
  readonly #options: ConcealmentGaugeOptions;
  readonly #clock: Clock;
  readonly #holes: Hole[] = [];
  #before: (Counters & { readonly atMs: number }) | undefined;
  #lost = 0;
  #reading: Promise<void> = Promise.resolve();
  #cancel: Cancel = () => {};
  #closed = false;

  constructor(options: ConcealmentGaugeOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#wake();
  }

  /** All so far, measured now. */
  async received(): Promise<Received> {
    await this.#read();
    const never = this.#options.ear.holes.map(({ startMs, endMs }) => ({
      atMs: startMs,
      ms: endMs - startMs,
      count: 1,
    }));
    return { holes: [...this.#holes, ...never], lostPackets: this.#lost };
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #wake(): void {
    this.#cancel = this.#clock.at(this.#clock.now() + EVERY_MS, () => {
      void this.#read().then(() => {
        if (!this.#closed) this.#wake();
      });
    });
  }

  /** One at a time, so that each span is counted once. */
  #read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#measure()).catch(() => {});
    return this.#reading;
  }

  async #measure(): Promise<void> {
    if (this.#closed) return;
    const { stats, ear, now } = this.#options;
    const counters = await stats();
    const { before, atMs } = { before: this.#before, atMs: now() };
    this.#before = { ...counters, atMs };
    if (before === undefined) return;
    // They begin anew with a connection that is made anew.
    const grown = (name: keyof Counters) => Math.max(0, counters[name] - before[name]);
    this.#lost += grown('packetsLost');
    const ms = grown('concealedMs');
    if (ms === 0 || ear.firstSound(before.atMs - TAIL_MS, atMs) === undefined) return;
    this.#holes.push({ atMs: before.atMs, ms, count: grown('concealmentEvents') });
  }
}
