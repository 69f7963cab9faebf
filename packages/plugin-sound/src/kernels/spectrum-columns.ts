import { Columns } from './columns.ts';
import { Spectrum } from './spectrum.ts';

/** Spectra of all channels together, means over each column. */
export class SpectrumColumns extends Columns {
  readonly bins: number;
  readonly #spectrum: Spectrum;
  readonly #powers: Float32Array;
  readonly #counts: Uint32Array;
  /** The last samples, twice: so that those of one spectrum are always in a row. */
  readonly #line: Float64Array;
  /** Samples until the next spectrum is due. */
  #due: number;

  /** @param most columns, even @param size samples that a spectrum is of, a power of two */
  constructor(most: number, size: number) {
    super(most, size / 8);
    this.bins = size / 2;
    this.#spectrum = new Spectrum(size);
    this.#powers = new Float32Array(most * this.bins);
    this.#counts = new Uint32Array(most);
    this.#line = new Float64Array(2 * size);
    this.#due = size / 8;
  }

  /** Takes interleaved samples. */
  add(samples: Int16Array, channels: number): void {
    const { size } = this.#spectrum;
    for (let at = 0; at < samples.length; ) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += samples[at++]!;
      const place = this.length % size;
      this.#line[place] = sum / channels / 32_768;
      this.#line[place + size] = this.#line[place]!;
      this.length++;
      if (--this.#due === 0) this.#look();
    }
  }

  override skip(samples: number): void {
    this.finish();
    super.skip(samples);
    // What comes stands beside silence, not beside what was before.
    this.#line.fill(0);
    this.#due = this.#step;
  }

  /** Looks at the last samples too: silence follows. */
  finish(): void {
    const { length } = this;
    if (length === 0) return;
    this.add(new Int16Array(this.#spectrum.size / 2), 1);
    this.length = length;
    this.column();
  }

  /** The largest mean power of the columns `from` to `end` and the bins `low` to `high`. */
  power(from: number, end: number, low: number, high: number): number {
    let largest = 0;
    for (let column = from; column < end; column++)
      for (let bin = low; bin < high; bin++) {
        const power = this.#powers[column * this.bins + bin]! / Math.max(1, this.#counts[column]!);
        if (power > largest) largest = power;
      }
    return largest;
  }

  get #step(): number {
    return Math.min(this.span, this.#spectrum.size / 2);
  }

  /** The spectrum of the last samples, in the column of the middle of them. */
  #look(): void {
    const { size } = this.#spectrum;
    const end = this.length;
    this.#due = this.#step;
    if (end < size / 2) return;
    this.length = Math.max(0, end - size / 2 - 1);
    const column = this.column();
    this.length = end;
    this.#spectrum.addTo(this.#powers, column * this.bins, this.#line, end % size);
    this.#counts[column]!++;
  }

  protected join(): void {
    const half = this.most / 2;
    const { bins } = this;
    for (let column = 0; column < half; column++) {
      for (let bin = 0; bin < bins; bin++)
        this.#powers[column * bins + bin] =
          this.#powers[2 * column * bins + bin]! + this.#powers[(2 * column + 1) * bins + bin]!;
      this.#counts[column] = this.#counts[2 * column]! + this.#counts[2 * column + 1]!;
    }
    this.#powers.fill(0, half * bins);
    this.#counts.fill(0, half);
  }
}
