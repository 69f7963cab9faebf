import type { MixerQueue } from './mixer-queue.ts';

/** Media that was late: the silence that stood in its place, and how much of it is to be made up for. Counts values. */
export class LateMedia {
  readonly #trims: boolean;
  readonly #most: number;
  #missed = 0;
  #owed = 0;

  /**
   * @param trims whether what was silent is dropped when it comes after all
   * @param most silence that is longer was a pause: nothing is owed for it
   */
  constructor(trims: boolean, most: number) {
    this.#trims = trims;
    this.#most = most;
  }

  /** Silence that stood in for media so far. */
  get missed(): number {
    return this.#missed;
  }

  /** Nothing was there to be mixed. */
  miss(values: number): void {
    this.#missed += values;
    if (this.#trims) this.#owed += values;
  }

  /** The sender says that so much is missing: that will not come. */
  excuse(values: number): void {
    this.#owed = Math.max(0, this.#owed - values);
  }

  forget(): void {
    this.#owed = 0;
  }

  /** Drops media in whose place silence was already heard. Returns how much. */
  repay(queue: MixerQueue): number {
    if (this.#owed === 0) return 0;
    if (this.#owed > this.#most) {
      this.#owed = 0;
      return 0;
    }
    const paid = queue.discard(this.#owed);
    this.#owed -= paid;
    return paid;
  }
}
