/**
 * A stream of unknown length as a bounded number of columns of equal length: when all are full, neighbours are joined
 * and each holds twice as much from then on.
 */
export abstract class Columns {
  /** Samples per channel that came, those that are missing included. */
  length = 0;
  /** Samples per channel that a column holds. */
  span: number;
  protected readonly most: number;
  /** Columns in which something is missing. */
  readonly #missing: Uint8Array;

  constructor(most: number, span: number) {
    this.most = most;
    this.span = span;
    this.#missing = new Uint8Array(most);
  }

  /** Whether something is missing in any of the columns `from` to `end`. */
  missingIn(from: number, end: number): boolean {
    for (let column = from; column < end; column++) if (this.#missing[column] === 1) return true;
    return false;
  }

  /** So many samples are missing. */
  skip(samples: number): void {
    for (let rest = samples; rest > 0; ) {
      const column = this.column();
      const step = Math.min(rest, (column + 1) * this.span - this.length);
      this.#missing[column] = 1;
      this.length += step;
      rest -= step;
    }
  }

  /** The column of the next sample; makes room for it. */
  protected column(): number {
    while (this.length >= this.most * this.span) {
      this.span *= 2;
      for (let column = 0; column < this.most / 2; column++)
        this.#missing[column] = this.#missing[2 * column]! | this.#missing[2 * column + 1]!;
      this.#missing.fill(0, this.most / 2);
      this.join();
    }
    return Math.floor(this.length / this.span);
  }

  /** Joins neighbours: columns 0 and 1 become 0. */
  protected abstract join(): void;
}
