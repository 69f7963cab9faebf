import type { Clock } from '@sluice/core';

/** How exactly the far side's own time is known: the length of a message, in milliseconds. */
const GRAIN_MS = 20;

/**
 * Where the far side plays: at the last mark that it told, and from there on by time. By ours, within what its own time allows,
 * which comes with its messages and knows nothing of how long they travel.
 */
export class Playhead {
  readonly #clock: Clock;
  readonly #farMs: () => number | undefined;
  readonly #samplesPerMs: number;
  #position = 0;
  #atMs = Number.NaN;
  #atFarMs: number | undefined;

  constructor(clock: Clock, farMs: () => number | undefined, sampleRate: number) {
    this.#clock = clock;
    this.#farMs = farMs;
    this.#samplesPerMs = sampleRate / 1_000;
  }

  /** It plays the sample at `position` now, or in so many milliseconds. */
  set(position: number, inMs = 0): void {
    this.#position = position;
    this.#atMs = this.#clock.now() + inMs;
    const farMs = this.#farMs();
    this.#atFarMs = farMs === undefined ? undefined : farMs + inMs;
  }

  /** The sample that it plays now. */
  get now(): number {
    return this.#position + Math.max(0, this.#passedMs()) * this.#samplesPerMs;
  }

  #passedMs(): number {
    const passed = this.#clock.now() - this.#atMs;
    const farMs = this.#farMs();
    if (farMs === undefined || this.#atFarMs === undefined) return passed;
    const far = farMs - this.#atFarMs;
    return Math.min(far + GRAIN_MS, Math.max(far - GRAIN_MS, passed));
  }
}
