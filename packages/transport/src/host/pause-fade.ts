/**
 * How loud a queue is around a pause: it fades to silence, stands still there, and fades in again, sample by sample. Counts in
 * samples per channel. A fade that is broken off goes back from where it was.
 */
export class PauseFade {
  #paused = false;
  #length = 0;
  /** How far from silence it is; `#length` is as loud as the media itself. */
  #level = 0;

  get paused(): boolean {
    return this.#paused;
  }

  /** How much may be played before it stands still. */
  get left(): number {
    return this.#paused ? this.#level : Number.POSITIVE_INFINITY;
  }

  /** Fades out; a `length` of 0 stands still at once. */
  begin(length: number): void {
    const share = this.#length === 0 ? 1 : this.#level / this.#length;
    this.#paused = true;
    this.#length = length;
    this.#level = Math.round(length * share);
  }

  /** Nothing more to fade out came. */
  stand(): void {
    this.#level = 0;
  }

  /** What comes next does not go on with what was cut: it is as loud as it is. */
  forget(): void {
    this.#length = 0;
    this.#level = 0;
  }

  end(): void {
    this.#paused = false;
  }

  /** Shapes the first `length` samples of a slice, all channels of a sample alike. */
  apply(slice: Int16Array, length: number, channels: number): void {
    const step = this.#paused ? -1 : 1;
    for (let at = 0; at < length && (this.#paused || this.#level < this.#length); at += channels) {
      this.#level += step;
      const gain = this.#level / this.#length;
      for (let channel = 0; channel < channels; channel++)
        slice[at + channel] = Math.round(slice[at + channel]! * gain);
    }
  }
}
