/** Peak from which on a block is sound. */
const LOUD = 1_500;
/** Quiet for so long is silence, in milliseconds: a codec's ripples are none. */
const QUIET_MS = 40;

/** When a tone falls silent and sounds again, by the blocks that come. Times are those at which the samples came. */
export class ToneWatch {
  /** When it fell silent last: when its last loud sample came. */
  silentAt = 0;
  /** When it began to sound last. */
  loudAt = 0;
  #lastLoud = Number.NEGATIVE_INFINITY;
  #isLoud = false;

  get isLoud(): boolean {
    return this.#isLoud;
  }

  /** A block that came at `at`, in milliseconds. */
  push(samples: Int16Array, sampleRate: number, at: number): void {
    let last = -1;
    let first = -1;
    for (let i = 0; i < samples.length; i++) {
      if (Math.abs(samples[i]!) < LOUD) continue;
      if (first < 0) first = i;
      last = i;
    }
    const perMs = sampleRate / 1_000;
    const start = at - samples.length / perMs;
    if (first >= 0 && !this.#isLoud) {
      this.#isLoud = true;
      this.loudAt = start + first / perMs;
    }
    if (last >= 0) this.#lastLoud = start + (last + 1) / perMs;
    else if (this.#isLoud && at - this.#lastLoud > QUIET_MS) {
      this.#isLoud = false;
      this.silentAt = this.#lastLoud;
    }
  }
}
