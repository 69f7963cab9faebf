import type { AudioFrame } from '@sluice/core';

/** How fast the estimate follows a stream that comes later and later, in milliseconds a frame. */
const DRIFT_MS = 0.01;

/**
 * When media was made, on the clock: a frame is there as soon as its last sample is, or later. The earliest arrivals tell;
 * what a stalled event loop delivers in a burst does not move it.
 */
export class MediaClock {
  #offset = Number.POSITIVE_INFINITY;

  arrived(frame: AudioFrame, now: number): void {
    const offset = now - (frame.timestamp + frame.duration) / 1_000;
    this.#offset = Math.min(offset, this.#offset + DRIFT_MS);
  }

  /** Clock time of a media time in microseconds. */
  msOf(time: number): number {
    return time / 1_000 + (Number.isFinite(this.#offset) ? this.#offset : 0);
  }
}
