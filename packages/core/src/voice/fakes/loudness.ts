// Doubles of models with a script: for tests and for pipelines without one. No model, and no time but the clock's.

import type { AudioFrame } from '../../media/audio-frame.ts';

/** Cuts sound into blocks of 10 ms, whatever the pieces, and tells of each whether it is loud. */
export class Loudness {
  readonly #least: number;
  #energy = 0;
  #count = 0;
  #from = 0;
  #next = Number.NaN;

  constructor(thresholdDb: number) {
    this.#least = (32_768 * 10 ** (thresholdDb / 20)) ** 2;
  }

  /** `told(loud, from, to)` for each block that is complete, with its bounds in microseconds. */
  read(frame: AudioFrame, told: (loud: boolean, from: number, to: number) => void): void {
    const { samples, sampleRate, channels, timestamp } = frame;
    const block = sampleRate / 100;
    // What does not follow on what came before begins a block of its own.
    if (Math.abs(timestamp - this.#next) > 1_000 || Number.isNaN(this.#next)) this.#count = 0;
    for (let index = 0; index < frame.length; index++) {
      if (this.#count === 0) {
        this.#from = timestamp + (index * 1_000_000) / sampleRate;
        this.#energy = 0;
      }
      const sample = samples[index * channels]!;
      this.#energy += sample * sample;
      this.#count++;
      if (this.#count < block) continue;
      this.#count = 0;
      told(this.#energy / block > this.#least, this.#from, timestamp + ((index + 1) * 1_000_000) / sampleRate);
    }
    this.#next = timestamp + (frame.length * 1_000_000) / sampleRate;
  }
}
