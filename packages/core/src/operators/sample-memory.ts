/** Arrays that wait to be used again; more frames than that are seldom on their way at once. */
const KEPT = 16;

/** Memory for samples that comes back when its frame is closed, so that a stream of equal frames needs no more. */
export class SampleMemory {
  readonly #free: Int16Array[] = [];

  /** An array of so many values with arbitrary content. */
  take(length: number): Int16Array {
    const free = length === 0 ? undefined : this.#free.pop();
    // Another length, or taken to another thread meanwhile.
    return free?.length === length ? free : new Int16Array(length);
  }

  /** A frame's `release`. */
  readonly release = (samples: Int16Array): void => {
    if (samples.length > 0 && this.#free.length < KEPT) this.#free.push(samples);
  };
}
