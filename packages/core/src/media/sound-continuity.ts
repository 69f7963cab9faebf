import type { Micros } from '../time/units.ts';
import type { AudioFrame } from './audio-frame.ts';

/** A frame whose time is further than this from where the one before it ended does not follow on it, in microseconds. */
const strayMicros = 1_000;

/** Knows whether a frame of sound goes on where the one before it ended, for whoever carries something from frame to frame. */
export class SoundContinuity {
  #until: Micros | undefined;
  #epoch = 0;

  /** Nothing is missing before this frame, its time is that at which the last one ended, and both are of one epoch. */
  isContinuedBy({ timestamp, gap, epoch }: AudioFrame): boolean {
    if (this.#until === undefined || gap !== undefined || epoch !== this.#epoch) return false;
    return Math.abs(timestamp - this.#until) <= strayMicros;
  }

  /** A frame has come. */
  came({ timestamp, duration, epoch }: AudioFrame): void {
    this.#until = (timestamp + duration) as Micros;
    this.#epoch = epoch;
  }

  /** The next frame follows on nothing. */
  forget(): void {
    this.#until = undefined;
  }
}
