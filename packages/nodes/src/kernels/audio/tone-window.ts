import type { GoertzelBank } from './goertzel-bank.ts';

/** Blocks of a window. */
export const WINDOW_BLOCKS = 6;
const HALF = WINDOW_BLOCKS / 2;
/** Blocks that are remembered; a power of two. */
const HISTORY = 16;

/** What was measured of one frequency in the latest window: how strong, how steady, and how far off it was. */
export interface ToneFit {
  /** Sum of the squares that the tone explains, in sample units. */
  energy: number;
  /** The weaker half of the window as a part of the stronger one, in amplitude. */
  steadiness: number;
  /** Hz above the nominal frequency. */
  offset: number;
}

/** The latest blocks of a `GoertzelBank`, and the tones in the last six of them. */
export class ToneWindow {
  /** Sum of the squares of the window without its direct current. */
  energy = 0;
  /** Blocks so far. */
  count = 0;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #energies = new Float64Array(HISTORY);
  readonly #sums = new Float64Array(HISTORY);
  readonly #ends = new Float64Array(HISTORY);
  readonly #length: number;
  readonly #seconds: number;

  /** @param length samples of a block */
  constructor(frequencies: number, length: number, sampleRate: number) {
    this.#re = new Float64Array(frequencies * HISTORY);
    this.#im = new Float64Array(frequencies * HISTORY);
    this.#length = length;
    this.#seconds = length / sampleRate;
  }

  /** Adds the block that the bank measured, which ended at a sample. */
  add(bank: GoertzelBank, end: number): void {
    const slot = this.count % HISTORY;
    for (let k = 0; k < bank.re.length; k++) {
      this.#re[k * HISTORY + slot] = bank.re[k]!;
      this.#im[k * HISTORY + slot] = bank.im[k]!;
    }
    this.#energies[slot] = bank.energy;
    this.#sums[slot] = bank.sum;
    this.#ends[slot] = end;
    this.count++;
    let energy = 0;
    let sum = 0;
    for (let back = 0; back < WINDOW_BLOCKS; back++) {
      energy += this.#energies[this.#slot(back)]!;
      sum += this.#sums[this.#slot(back)]!;
    }
    this.energy = energy - (sum * sum) / (WINDOW_BLOCKS * this.#length);
  }

  /** Forgets the blocks: what follows does not continue them. */
  clear(): void {
    for (const values of [this.#re, this.#im, this.#energies, this.#sums]) values.fill(0);
  }

  /** Samples until the end of the block that many blocks `back`. */
  endOf(back: number): number {
    return this.#ends[this.#slot(back)]!;
  }

  /** Sum of the squares of one block. */
  energyOf(back: number): number {
    return this.#energies[this.#slot(back)]!;
  }

  /** What one frequency explains of one block. */
  power(k: number, back: number): number {
    const at = k * HISTORY + this.#slot(back);
    return (2 * (this.#re[at]! ** 2 + this.#im[at]! ** 2)) / this.#length;
  }

  /** Which of the frequencies `from` to `end` is the strongest in the window. */
  strongest(from: number, end: number): number {
    let best = from;
    let most = -1;
    for (let k = from; k < end; k++) {
      let power = 0;
      // The halves one by one: over the whole window a tone 1.5 % off would cancel itself.
      for (let half = 0; half < WINDOW_BLOCKS; half += HALF) {
        let re = 0;
        let im = 0;
        for (let back = half; back < half + HALF; back++) {
          re += this.#re[k * HISTORY + this.#slot(back)]!;
          im += this.#im[k * HISTORY + this.#slot(back)]!;
        }
        power += re * re + im * im;
      }
      if (power > most) {
        most = power;
        best = k;
      }
    }
    return best;
  }

  /**
   * Fits a tone of about a frequency to the window. How much the phase turns from block to block says how far off it
   * is, up to 100 Hz, and from half to half says it exactly.
   */
  fit(k: number, result: ToneFit): void {
    const turn = this.#turn(k);
    let firstRe = 0;
    let firstIm = 0;
    let secondRe = 0;
    let secondIm = 0;
    for (let block = 0; block < WINDOW_BLOCKS; block++) {
      const at = k * HISTORY + this.#slot(WINDOW_BLOCKS - 1 - block);
      const cosine = Math.cos(turn * block);
      const sine = -Math.sin(turn * block);
      const re = this.#re[at]! * cosine - this.#im[at]! * sine;
      const im = this.#re[at]! * sine + this.#im[at]! * cosine;
      if (block < HALF) {
        firstRe += re;
        firstIm += im;
      } else {
        secondRe += re;
        secondIm += im;
      }
    }
    const rest = Math.atan2(secondIm * firstRe - secondRe * firstIm, secondRe * firstRe + secondIm * firstIm);
    const first = Math.sqrt(firstRe * firstRe + firstIm * firstIm);
    const second = Math.sqrt(secondRe * secondRe + secondIm * secondIm);
    const perBlock = turn + rest / HALF;
    // Within a block the amplitude of a tone that is off is sin(x) / x of what it is on its frequency.
    const loss = 1 - (perBlock / 2) ** 2 / 6;
    result.energy = (2 * ((first + second) / loss) ** 2) / (WINDOW_BLOCKS * this.#length);
    result.steadiness = Math.min(first, second) / Math.max(first, second);
    result.offset = perBlock / (2 * Math.PI * this.#seconds);
  }

  /** Radians by which the phase of a frequency goes on from block to block. */
  #turn(k: number): number {
    let re = 0;
    let im = 0;
    for (let back = 0; back < WINDOW_BLOCKS - 1; back++) {
      const at = k * HISTORY + this.#slot(back);
      const before = k * HISTORY + this.#slot(back + 1);
      re += this.#re[at]! * this.#re[before]! + this.#im[at]! * this.#im[before]!;
      im += this.#im[at]! * this.#re[before]! - this.#re[at]! * this.#im[before]!;
    }
    return Math.atan2(im, re);
  }

  #slot(back: number): number {
    return (this.count - 1 - back + HISTORY) % HISTORY;
  }
}
