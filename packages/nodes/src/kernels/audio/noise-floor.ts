/** Length of the stretches of which the quietest is the floor, in seconds: the closure of a "p" or "t" is one. */
const BLOCK = 0.04;
/** How far back it is looked for, in seconds: speech pauses more often, and a fan that starts is known after this. */
const MEMORY = 3;
/** How much must have been heard before it is believed, in seconds. */
const LEAST = 0.48;

/** The power of the steady sound under everything else: the least of the last seconds (minimum statistics). */
export class NoiseFloor {
  /** Mean square of a sample, in sample units; 0 while too little was heard. */
  power = 0;
  readonly #length: number;
  readonly #blocks = new Float64Array(Math.round(MEMORY / BLOCK));
  #count = 0;
  #filled = 0;
  #sum = 0;

  constructor(sampleRate: number) {
    this.#length = Math.round(sampleRate * BLOCK);
  }

  /** Takes the square of the next sample. Returns whether `power` was judged anew. */
  add(square: number): boolean {
    this.#sum += square;
    if (++this.#filled < this.#length) return false;
    const power = this.#sum / this.#length;
    this.#filled = 0;
    this.#sum = 0;
    // Digital silence is a stream that was muted, not the room.
    if (power === 0) return false;
    this.#blocks[this.#count++ % this.#blocks.length] = power;
    this.power = this.#count * BLOCK < LEAST ? 0 : this.#least();
    return true;
  }

  #least(): number {
    const known = Math.min(this.#count, this.#blocks.length);
    let least = this.#blocks[0]!;
    for (let index = 1; index < known; index++) least = Math.min(least, this.#blocks[index]!);
    return least;
  }
}
