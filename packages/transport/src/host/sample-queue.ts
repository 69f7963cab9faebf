/** Samples in the order in which they came. Arrays that were pushed are kept as they are, not copied. */
export class SampleQueue {
  #chunks: Int16Array[] = [];
  #head = 0;
  #offset = 0;
  #length = 0;

  /** Samples of all channels that wait. */
  get length(): number {
    return this.#length;
  }

  push(samples: Int16Array): void {
    this.#chunks.push(samples);
    this.#length += samples.length;
  }

  /** Moves `length` samples, of which there are so many, to the beginning of `target`. */
  take(target: Int16Array, length: number): void {
    let filled = 0;
    while (filled < length) {
      const chunk = this.#chunks[this.#head]!;
      const part = Math.min(chunk.length - this.#offset, length - filled);
      target.set(chunk.subarray(this.#offset, this.#offset + part), filled);
      filled += part;
      this.#offset += part;
      if (this.#offset === chunk.length) this.#dropHead();
    }
    this.#length -= length;
  }

  clear(): void {
    this.#chunks = [];
    this.#head = 0;
    this.#offset = 0;
    this.#length = 0;
  }

  #dropHead(): void {
    this.#offset = 0;
    this.#head++;
    // Moving the rest down only now and then keeps taking a chunk at constant cost.
    if (this.#head >= 64 || this.#head === this.#chunks.length) {
      this.#chunks.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
