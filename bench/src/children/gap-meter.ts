/** What a listener heard of a tone that never ends. */
export interface HeardGaps {
  readonly gaps: number;
  readonly gapMs: number;
  /** All of it, gaps included, in milliseconds. */
  readonly heardMs: number;
}

/** A tone of -12 dBFS that stays below this, -20 dBFS, is not there. */
const QUIET = 3_277;
/** For so long at least, in milliseconds: longer than it is below at each zero crossing. */
const SHORTEST_MS = 5;

/** Counts audible gaps in a steady tone as its samples come, of one channel. Keeps none of them. */
export class GapMeter {
  #gaps = 0;
  #gapSamples = 0;
  #samples = 0;
  #quiet = 0;
  readonly #perMs: number;

  /** @param sampleRate Hz */
  constructor(sampleRate: number) {
    this.#perMs = sampleRate / 1_000;
  }

  get heard(): HeardGaps {
    return { gaps: this.#gaps, gapMs: this.#gapSamples / this.#perMs, heardMs: this.#samples / this.#perMs };
  }

  push(samples: Int16Array): void {
    this.#samples += samples.length;
    for (let index = 0; index < samples.length; index++) {
      const sample = samples[index]!;
      if (sample <= QUIET && sample >= -QUIET) this.#quiet++;
      else if (this.#quiet > 0) this.#sounds();
    }
  }

  /** Counts anew. A gap that is going on is left out. */
  reset(): void {
    this.#gaps = 0;
    this.#gapSamples = 0;
    this.#samples = 0;
    this.#quiet = 0;
  }

  #sounds(): void {
    if (this.#quiet >= SHORTEST_MS * this.#perMs) {
      this.#gaps++;
      this.#gapSamples += this.#quiet;
    }
    this.#quiet = 0;
  }
}
