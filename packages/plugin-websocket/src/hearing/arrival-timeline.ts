// What comes from the far side, as a source: when it was said, what is missing, what is wrong with it. No socket, no form.

import { type Gap, type Micros, samplesToMicros } from '@sluice/core';

/** A time of the far side that is off by less continues what came before, in milliseconds: a message's own length. */
const SHORTEST_GAP_MS = 20;
/**
 * How much more may be missing than time has passed here since the first message, in milliseconds: sound may come faster than it
 * plays. A far side whose clock jumps further says nothing of its sound, and whoever fills gaps is not to fill years.
 */
const MOST_AHEAD_MS = 60_000;

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
  /** Our time of the first message. */
  #begunMs: number | undefined;
  #farMs: number | undefined;
  missingMs = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** The far side's time at the end of what came last, in milliseconds; undefined before anything came. */
  get farMs(): number | undefined {
    return this.#farMs;
  }

  /** Places so many samples per channel that came at `nowMs` of our time, and were said at `atMs` of the far side's. */
  place(length: number, nowMs: number, atMs?: number): Arrival {
    this.#begunMs ??= nowMs;
    const duration = (length * 1_000) / this.#sampleRate;
    this.#farMs = (atMs ?? this.#farMs ?? 0) + duration;
    const missing = atMs === undefined ? 0 : this.#missing(atMs, nowMs);
    this.#position += missing;
    const timestamp = samplesToMicros(this.#position, this.#sampleRate);
    this.#position += length;
    if (missing === 0) return { timestamp, gap: undefined };
    this.missingMs += (missing * 1_000) / this.#sampleRate;
    return { timestamp, gap: { duration: samplesToMicros(missing, this.#sampleRate), reason: 'source' } };
  }

  #missing(atMs: number, nowMs: number): number {
    const here = (this.#position * 1_000) / this.#sampleRate;
    this.#originMs ??= atMs - here;
    const late = atMs - this.#originMs - here;
    if (Math.abs(late) < SHORTEST_GAP_MS) return 0;
    const most = nowMs - this.#begunMs! + MOST_AHEAD_MS - this.missingMs;
    if (late > 0 && late <= most) return Math.round((late * this.#sampleRate) / 1_000);
    // Its clock was set, for a transferred call for example: what follows continues what was there.
    this.#originMs = atMs - here;
    return 0;
  }
}
