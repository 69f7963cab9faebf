import { LoudnessHistogram, toLufs } from './loudness-histogram.ts';

/** Of all that was heard: integrated loudness, loudness range, and what was highest. */
export class LoudnessTotals {
  /** The largest momentary loudness, in LUFS. */
  maxMomentary = Number.NEGATIVE_INFINITY;
  /** The largest short-term loudness, in LUFS. */
  maxShortTerm = Number.NEGATIVE_INFINITY;
  /** The highest magnitude of the wave through the samples, full scale being 1. */
  peak = 0;
  readonly #momentaries = new LoudnessHistogram();
  readonly #shortTerms = new LoudnessHistogram();

  /** Gated at -70 LUFS and at 10 LU below what is left (BS.1770), in LUFS; `-Infinity` for silence. */
  get integrated(): number {
    return this.#momentaries.gatedMean(10);
  }

  /** From the 10th to the 95th percentile of short-term loudness above -70 LUFS and 20 LU below their mean, in LU. */
  get range(): number {
    return this.#shortTerms.spread(20);
  }

  get truePeakDb(): number {
    return 20 * Math.log10(this.peak);
  }

  addMomentary(energy: number): void {
    this.#momentaries.add(energy);
    this.maxMomentary = Math.max(this.maxMomentary, toLufs(energy));
  }

  addShortTerm(energy: number): void {
    this.#shortTerms.add(energy);
    this.maxShortTerm = Math.max(this.maxShortTerm, toLufs(energy));
  }

  meetPeak(peak: number): void {
    if (peak > this.peak) this.peak = peak;
  }

  clear(): void {
    this.#momentaries.clear();
    this.#shortTerms.clear();
    this.maxMomentary = Number.NEGATIVE_INFINITY;
    this.maxShortTerm = Number.NEGATIVE_INFINITY;
    this.peak = 0;
  }
}
