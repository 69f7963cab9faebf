import { Fourier } from './fourier.ts';

/** Samples of a transform, and rows of a column: each of four frequencies. */
const SIZE = 1_024;
export const SPECTRUM_ROWS = 128;
const PER_ROW = SIZE / 2 / SPECTRUM_ROWS;
/** What is told as 0, in dB of a full-scale tone. */
const FLOOR_DB = -100;

/** Makes columns of a spectrogram from the sound that went by. */
export class Spectrum {
  readonly #fourier = new Fourier(SIZE);
  readonly #real = new Float64Array(SIZE);
  readonly #imaginary = new Float64Array(SIZE);
  readonly #recent = new Float32Array(SIZE);
  readonly #window = Float32Array.from(
    { length: SIZE },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / SIZE),
  );

  /** Adds a sample of -1 to 1. */
  push(samples: Float32Array): void {
    const { length } = samples;
    if (length >= SIZE) this.#recent.set(samples.subarray(length - SIZE));
    else {
      this.#recent.copyWithin(0, length);
      this.#recent.set(samples, SIZE - length);
    }
  }

  /** Forgets the past: after a gap. */
  reset(): void {
    this.#recent.fill(0);
  }

  /** Loudness by frequency, from 0 up to half of the sample rate: 0 to 255 for -100 to 0 dBFS. */
  column(): Uint8Array {
    for (let index = 0; index < SIZE; index++) this.#real[index] = this.#recent[index]! * this.#window[index]!;
    this.#imaginary.fill(0);
    this.#fourier.transform(this.#real, this.#imaginary);
    const rows = new Uint8Array(SPECTRUM_ROWS);
    for (let row = 0; row < SPECTRUM_ROWS; row++) {
      let most = 0;
      for (let bin = row * PER_ROW; bin < (row + 1) * PER_ROW; bin++)
        most = Math.max(most, this.#real[bin]! ** 2 + this.#imaginary[bin]! ** 2);
      // The window halves a tone, and its energy lies in two of the frequencies.
      const db = 10 * Math.log10(most / (SIZE / 4) ** 2 + 1e-12);
      rows[row] = Math.round(255 * Math.min(Math.max(1 - db / FLOOR_DB, 0), 1));
    }
    return rows;
  }
}
