// What is heard and seen of one link: sound, peaks and pictures in packets, and recordings. Each takes frames from a tap,
// which it may not keep.

import type { AudioFrame } from '@sluice/core';

/** Timestamps that stray no further than this from the count of samples go on, in microseconds. */
const STRAY_MICROS = 1_000;

/** Tells where sound follows on what came before it. */
export class Stretch {
  #rate = 0;
  #channels = 0;
  #epoch = 0;
  #next = Number.NaN;

  /** Whether this frame begins something new: after a gap, an interruption, a jump in time, in another format. */
  begins(frame: AudioFrame): boolean {
    const { sampleRate, channels, epoch, timestamp, gap } = frame;
    const follows =
      gap === undefined &&
      sampleRate === this.#rate &&
      channels === this.#channels &&
      epoch === this.#epoch &&
      Math.abs(timestamp - this.#next) <= STRAY_MICROS;
    this.#rate = sampleRate;
    this.#channels = channels;
    this.#epoch = epoch;
    this.#next = timestamp + frame.duration;
    return !follows;
  }
}
