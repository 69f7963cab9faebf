/**
 * Two voices on one line of samples: what is placed is mixed into its channel at its index, what is read is over. Bounded:
 * it reaches from where it was read to `length` samples further.
 */
export class StereoTimeline {
  readonly #samples: Int16Array;
  readonly #length: number;
  #read = 0;

  /** `length` in samples per channel. */
  constructor(length: number) {
    this.#length = length;
    this.#samples = new Int16Array(2 * length);
  }

  /** Up to where it was read, in samples per channel. */
  get position(): number {
    return this.#read;
  }

  /** Adds a voice's samples at an index. Returns how many had no place: they came too late, or from too far ahead. */
  place(channel: 0 | 1, samples: Int16Array, at: number): number {
    let lost = 0;
    for (let i = 0; i < samples.length; i++) {
      const index = at + i;
      if (index < this.#read || index >= this.#read + this.#length) {
        lost++;
        continue;
      }
      const slot = 2 * (index % this.#length) + channel;
      const sum = this.#samples[slot]! + samples[i]!;
      this.#samples[slot] = sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : sum;
    }
    return lost;
  }

  /** Takes what lies before `index`: interleaved, left and right. */
  take(index: number): Int16Array {
    const count = Math.max(0, Math.min(index - this.#read, this.#length));
    const taken = new Int16Array(2 * count);
    for (let i = 0; i < count; i++) {
      const slot = 2 * ((this.#read + i) % this.#length);
      taken[2 * i] = this.#samples[slot]!;
      taken[2 * i + 1] = this.#samples[slot + 1]!;
      this.#samples[slot] = 0;
      this.#samples[slot + 1] = 0;
    }
    this.#read += count;
    return taken;
  }
}
