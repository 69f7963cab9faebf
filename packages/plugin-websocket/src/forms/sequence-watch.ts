/** How far behind the highest a number is late or repeated; what is further back belongs to numbers that began anew. */
const WINDOW = 64;

/** What the number of a message says of it. */
export type Turn = 'next' | 'late' | 'repeated';

/** Tells by the numbers of messages which of them came before, and which come behind a later one. */
export class SequenceWatch {
  readonly #seen = new Set<number>();
  #highest = Number.NEGATIVE_INFINITY;

  /** Where a message of this number stands among those before it. */
  turnOf(number: number): Turn {
    if (number <= this.#highest - WINDOW) this.#seen.clear();
    else if (this.#seen.has(number)) return 'repeated';
    else if (number < this.#highest) {
      this.#seen.add(number);
      return 'late';
    }
    this.#highest = number;
    for (const one of this.#seen) if (one <= number - WINDOW) this.#seen.delete(one);
    this.#seen.add(number);
    return 'next';
  }
}
