import { Columns } from './columns.ts';

/** The lowest and highest sample of each column, of all channels. */
export class WaveColumns extends Columns {
  readonly #lowest: Int16Array;
  readonly #highest: Int16Array;

  /** @param most columns, even */
  constructor(most: number) {
    super(most, 1);
    this.#lowest = new Int16Array(most);
    this.#highest = new Int16Array(most);
  }

  /** Takes interleaved samples. */
  add(samples: Int16Array, channels: number): void {
    for (let at = 0; at < samples.length; ) {
      const column = this.column();
      const step = Math.min((samples.length - at) / channels, (column + 1) * this.span - this.length);
      let lowest = this.#lowest[column]!;
      let highest = this.#highest[column]!;
      for (const end = at + step * channels; at < end; at++) {
        const sample = samples[at]!;
        if (sample < lowest) lowest = sample;
        if (sample > highest) highest = sample;
      }
      this.#lowest[column] = lowest;
      this.#highest[column] = highest;
      this.length += step;
    }
  }

  /** The lowest and highest sample of columns `from` to `end`; 0 is always between them. */
  extent(from: number, end: number): readonly [lowest: number, highest: number] {
    let [lowest, highest] = [0, 0];
    for (let column = from; column < end; column++) {
      lowest = Math.min(lowest, this.#lowest[column]!);
      highest = Math.max(highest, this.#highest[column]!);
    }
    return [lowest, highest];
  }

  protected join(): void {
    const half = this.most / 2;
    for (let column = 0; column < half; column++) {
      this.#lowest[column] = Math.min(this.#lowest[2 * column]!, this.#lowest[2 * column + 1]!);
      this.#highest[column] = Math.max(this.#highest[2 * column]!, this.#highest[2 * column + 1]!);
    }
    this.#lowest.fill(0, half);
    this.#highest.fill(0, half);
  }
}
