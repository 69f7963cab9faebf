// Doubles of models with a script: for tests and for pipelines without one. No model, and no time but the clock's.

import type { AudioFrame } from '../../media/audio-frame.ts';
import { samplesToMicros } from '../../time/units.ts';

/** Cuts sound into blocks of 10 ms, whatever the pieces, and tells of each whether it is loud. */
export class Loudness {
  readonly #least: number;
  #energy = 0;
  #count = 0;
  /** Media time where the stream began or went on after a hole, and the samples since then. */
  #base = 0;
  #samples = 0;
  #rate = 0;

  constructor(thresholdDb: number) {
    this.#least = (32_768 * 10 ** (thresholdDb / 20)) ** 2;
  }

  /** `told(loud, from, to)` for each block that is complete, with its bounds in microseconds. */
  read(frame: AudioFrame, told: (loud: boolean, from: number, to: number) => void): void {
    const { samples, sampleRate, channels, timestamp } = frame;
    const block = sampleRate / 100;
    // What does not follow on what came before begins a block of its own.
    if (sampleRate !== this.#rate || Math.abs(timestamp - this.#timeOf(this.#samples)) > 1_000) {
      this.#base = timestamp;
      this.#samples = 0;
      this.#count = 0;
      this.#energy = 0;
      this.#rate = sampleRate;
    }
    for (let index = 0; index < frame.length; index++) {
      const sample = samples[index * channels]!;
      this.#energy += sample * sample;
      this.#samples++;
      if (++this.#count < block) continue;
      told(this.#energy / block > this.#least, this.#timeOf(this.#samples - block), this.#timeOf(this.#samples));
      this.#count = 0;
      this.#energy = 0;
    }
  }

  #timeOf(sample: number): number {
    return this.#rate === 0 ? 0 : this.#base + samplesToMicros(sample, this.#rate);
  }
}
