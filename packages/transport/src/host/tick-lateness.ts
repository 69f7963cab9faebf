/** Width of a bin in milliseconds, and how far bins reach. Later ticks count in the last one; `max` is exact. */
const BIN_MS = 0.05;
const BINS = 6_000;

/** How late ticks were, as a histogram of fixed size. */
export class TickLateness {
  readonly #bins = new Uint32Array(BINS);
  #count = 0;
  #max = 0;

  add(ms: number): void {
    this.#bins[Math.min(BINS - 1, Math.floor(ms / BIN_MS))]!++;
    this.#count++;
    if (ms > this.#max) this.#max = ms;
  }

  /** Milliseconds since the last call; all zero if there was no tick. */
  take(): { p50: number; p99: number; max: number } {
    const result = { p50: this.#quantile(0.5), p99: this.#quantile(0.99), max: this.#max };
    this.#bins.fill(0);
    this.#count = 0;
    this.#max = 0;
    return result;
  }

  #quantile(share: number): number {
    if (this.#count === 0) return 0;
    let below = 0;
    for (let bin = 0; bin < BINS; bin++) {
      below += this.#bins[bin]!;
      if (below >= share * this.#count) return Math.min(this.#max, (bin + 1) * BIN_MS);
    }
    return this.#max;
  }
}
