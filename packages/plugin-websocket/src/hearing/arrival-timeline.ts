// What comes from the far side, as a source: when it was said, what is missing, what is wrong with it. No socket, no form.

import { type Gap, type Micros, samplesToMicros } from '@sluice/core';

/** A time of the far side that is off by less continues what came before, in milliseconds: a message's own length. */
const SHORTEST_GAP_MS = 20;

export interface Arrival {
  readonly timestamp: Micros;
  readonly gap: Gap | undefined;
}

/** Where messages of sound belong: one after the other by samples, and behind a gap where the far side's own time says so. */
export class ArrivalTimeline {
  readonly #sampleRate: number;
  #position = 0;
  /** The far side's time of sample 0. */
  #originMs: number | undefined;
  #farMs: number | undefined;
  missingMs = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** The far side's time at the end of what came last, in milliseconds; undefined before anything came. */
  get farMs(): number | undefined {
    return this.#farMs;
  }

  /** Places so many samples per channel. */
  place(length: number, atMs?: number): Arrival {
    const duration = (length * 1_000) / this.#sampleRate;
    this.#farMs = (atMs ?? this.#farMs ?? 0) + duration;
    const missing = atMs === undefined ? 0 : this.#missing(atMs);
    this.#position += missing;
    const timestamp = samplesToMicros(this.#position, this.#sampleRate);
    this.#position += length;
    if (missing === 0) return { timestamp, gap: undefined };
    this.missingMs += (missing * 1_000) / this.#sampleRate;
    return { timestamp, gap: { duration: samplesToMicros(missing, this.#sampleRate), reason: 'source' } };
  }

  #missing(atMs: number): number {
    const here = (this.#position * 1_000) / this.#sampleRate;
    this.#originMs ??= atMs - here;
    const late = atMs - this.#originMs - here;
    if (late >= SHORTEST_GAP_MS) return Math.round((late * this.#sampleRate) / 1_000);
    // Its clock was set back, for a transferred call for example: what follows continues what was there.
    if (late <= -SHORTEST_GAP_MS) this.#originMs = atMs - here;
    return 0;
  }
}
