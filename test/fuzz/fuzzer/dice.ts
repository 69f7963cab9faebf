import { seededRandom } from '@sluice/core/testing';

/** Chance that is the same for the same seed. */
export class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** An integer from 0 to below `end`; 0 for an end of 0. */
  below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  /** An integer from 0 to `most`: small ones come as often as large ones. */
  size(most: number): number {
    return this.below(Math.min(most, 2 ** (1 + this.below(1 + Math.log2(most + 1)))) + 1);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}
