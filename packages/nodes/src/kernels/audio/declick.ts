/**
 * Joins what does not fit together. At a break it adds the step between the value before and the value after, and lets
 * that offset die away on a straight line: no click, and no sample of either side is lost or made quieter.
 */
export class Declick {
  readonly #channels: number;
  readonly #length: number;
  readonly #last: Float32Array;
  readonly #offset: Float32Array;
  #left = 0;

  /** @param length sample frames until the offset is gone; 0 turns it off */
  constructor(channels: number, length: number) {
    this.#channels = channels;
    this.#length = length;
    this.#last = new Float32Array(channels);
    this.#offset = new Float32Array(channels);
  }

  /** Whether an offset is still dying away, or something was heard last. */
  get settled(): boolean {
    return this.#left === 0 && this.#last.every((value) => value === 0);
  }

  /** Says that the next value, which is `values[at]`, does not continue what came before. */
  breakBefore(values: Float32Array, at: number): void {
    for (let channel = 0; channel < this.#channels; channel++)
      this.#offset[channel] = this.#last[channel]! - values[at + channel]!;
    this.#left = this.#length;
  }

  /** Forgets what came before: it is heard by nobody. */
  reset(): void {
    this.#last.fill(0);
    this.#left = 0;
  }

  /** Passes values `from` to `end` in place, in whole sample frames. */
  process(values: Float32Array, from: number, end: number): void {
    const channels = this.#channels;
    let index = from;
    for (; this.#left > 0 && index < end; this.#left--) {
      const share = this.#left / this.#length;
      for (let channel = 0; channel < channels; channel++) values[index++]! += this.#offset[channel]! * share;
    }
    if (end > from)
      for (let channel = 0; channel < channels; channel++) this.#last[channel] = values[end - channels + channel]!;
  }
}
