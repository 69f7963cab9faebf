import { type Micros, microsToSamples } from '@sluice/core';

/** What is missing, in samples per channel. Counts from the sum of all gaps, so that their rounding does not add up. */
export class GapCount {
  #missing = 0;
  #samples = 0;

  /** Samples that stood for all gaps so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Samples that stand for one more gap. */
  add(duration: Micros, sampleRate: number): number {
    this.#missing += duration;
    const before = this.#samples;
    this.#samples = Math.max(microsToSamples(this.#missing, sampleRate), before);
    return this.#samples - before;
  }
}
