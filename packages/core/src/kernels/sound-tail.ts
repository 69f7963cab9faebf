/** A copy of the last samples of a stream of one format, as what they came in is gone. */
export class SoundTail {
  readonly #kept: Int16Array;
  #filled = 0;

  /** @param length samples of all channels together */
  constructor(length: number) {
    this.#kept = new Int16Array(length);
  }

  /** Those that are there, the newest last. Good until more are added. */
  get samples(): Int16Array {
    return this.#kept.subarray(this.#kept.length - this.#filled);
  }

  add(samples: Int16Array): void {
    const kept = this.#kept;
    const fresh = samples.length > kept.length ? samples.subarray(samples.length - kept.length) : samples;
    kept.copyWithin(0, fresh.length);
    kept.set(fresh, kept.length - fresh.length);
    this.#filled = Math.min(kept.length, this.#filled + fresh.length);
  }

  clear(): void {
    this.#filled = 0;
  }
}
