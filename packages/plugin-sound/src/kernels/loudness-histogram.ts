/** The absolute gate of BS.1770, in LUFS: what is softer counts as silence. */
const GATE = -70;
/** The loudest that has a bin of its own, in LUFS. */
const TOP = 20;
const BINS_PER_LU = 100;
const BINS = (TOP - GATE) * BINS_PER_LU;

/** A weighted mean square, full scale being 1, as loudness: `-0.691 + 10 lg energy`, in LUFS. */
export function toLufs(energy: number): number {
  return -0.691 + 10 * Math.log10(energy);
}

/**
 * Loudnesses above -70 LUFS, by hundredths of a LU, each bin with the energies that fell into it: means are exact, gates and
 * percentiles to 0.01 LU, and a day takes no more memory than a second.
 */
export class LoudnessHistogram {
  readonly #counts = new Uint32Array(BINS);
  readonly #energies = new Float64Array(BINS);
  #count = 0;
  #sum = 0;

  add(energy: number): void {
    const loudness = toLufs(energy);
    if (!(loudness > GATE)) return;
    const bin = Math.min(BINS - 1, Math.floor((loudness - GATE) * BINS_PER_LU));
    this.#counts[bin]!++;
    this.#energies[bin]! += energy;
    this.#count++;
    this.#sum += energy;
  }

  /** The loudness of the mean of what is not more than `gate` LU below the mean of all, in LUFS. */
  gatedMean(gate: number): number {
    let count = 0;
    let sum = 0;
    for (let bin = this.#firstAbove(gate); bin < BINS; bin++) {
      count += this.#counts[bin]!;
      sum += this.#energies[bin]!;
    }
    return count === 0 ? Number.NEGATIVE_INFINITY : toLufs(sum / count);
  }

  /** How far the 95th percentile is above the 10th of what is not more than `gate` LU below the mean of all, in LU. */
  spread(gate: number): number {
    const first = this.#firstAbove(gate);
    let count = 0;
    for (let bin = first; bin < BINS; bin++) count += this.#counts[bin]!;
    return count === 0 ? 0 : this.#ranked(first, (count - 1) * 0.95) - this.#ranked(first, (count - 1) * 0.1);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#energies.fill(0);
    this.#count = 0;
    this.#sum = 0;
  }

  #firstAbove(gate: number): number {
    if (this.#count === 0) return BINS;
    const threshold = toLufs(this.#sum / this.#count) - gate;
    const bin = Math.max(0, Math.floor((threshold - GATE) * BINS_PER_LU));
    // Of the bin with the threshold in it all counts or nothing.
    return toLufs(this.#energies[bin]! / this.#counts[bin]!) >= threshold ? bin : bin + 1;
  }

  #ranked(first: number, rank: number): number {
    let seen = 0;
    for (let bin = first; bin < BINS; bin++) {
      seen += this.#counts[bin]!;
      if (seen > Math.round(rank)) return toLufs(this.#energies[bin]! / this.#counts[bin]!);
    }
    return Number.NEGATIVE_INFINITY;
  }
}
