/**
 * Counts the time for which media was missing in the middle of an utterance. Time passes first, and whether it was a gap or
 * the end is only known when more comes, or does not.
 */
export class MissingMedia {
  /** How often, and for how many samples, all channels. */
  count = 0;
  total = 0;
  #open = 0;
  #isGap = false;

  /** Samples that are missing up to now, without one that is over. */
  get open(): number {
    return this.#open;
  }

  /** Nothing is left to play, for so many samples already. */
  ranDry(samples: number): void {
    this.#open = samples;
    this.#isGap = false;
  }

  /** Time passes without media. */
  passed(samples: number): void {
    if (this.#open > 0) this.#open += samples;
  }

  /** More of the same utterance came, which is played as soon as there is enough of it. */
  cameBack(): void {
    this.#isGap = true;
  }

  /** What was said before is over: that nothing comes is its end, unless more came already. */
  over(): void {
    if (!this.#isGap) this.#open = 0;
  }

  /** It plays again, or nothing of it will. */
  settle(): void {
    if (this.#open === 0) return;
    if (this.#isGap) this.add(this.#open);
    this.#open = 0;
    this.#isGap = false;
  }

  /** One that is known to be a gap. */
  add(samples: number): void {
    this.count++;
    this.total += samples;
  }
}
