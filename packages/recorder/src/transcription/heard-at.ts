import type { AudioFrame } from '@sluice/core';

/** How fast the estimate follows a stream that comes later and later, in milliseconds a frame. */
const DRIFT_MS = 0.01;

/** When the moments of a stream were heard, by the earliest arrivals of its frames: the others were late. */
export class HeardAt {
  #offset = Number.POSITIVE_INFINITY;

  /** `now` in milliseconds since 1970. */
  arrived({ timestamp, duration }: Pick<AudioFrame, 'timestamp' | 'duration'>, now: number): void {
    this.#offset = Math.min(now - (timestamp + duration) / 1_000, this.#offset + DRIFT_MS);
  }

  /** ISO 8601. `time`: media time in microseconds; of a stream of which nothing came it is `now`. */
  isoOf(time: number, now: number): string {
    return new Date(Number.isFinite(this.#offset) ? time / 1_000 + this.#offset : now).toISOString();
  }
}
