/** Numbers by chance, the same for each seed. */
export class Chance {
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** From 0 to 1. */
  readonly next = (): number => {
    this.#seed = (this.#seed * 16_807) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  };

  between(least: number, most: number): number {
    return least + (most - least) * this.next();
  }

  /** Most are near `median`, some at many times of it: two thirds are within a factor of `e ** spread`. */
  skewed(median: number, spread: number): number {
    const normal = Math.sqrt(-2 * Math.log(this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(spread * normal);
  }

  /** From 1 to `most`; how often one comes falls with its size to the power of 1.5, as Zipf has it. */
  zipf(most: number): number {
    for (;;) {
      const size = Math.ceil(most * this.next());
      if (this.next() < size ** -1.5) return size;
    }
  }
}
