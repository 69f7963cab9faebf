/** Samples up to this magnitude are silence: -50 dBFS. */
const INAUDIBLE = 104;
/** A piece that is this much quieter than what was just there is a hole: 8 dB. */
const DROP = 0.4;
/** How fast what was just there is forgotten, for each piece: half of it in half a second. */
const FORGET = 0.986;
/** Milliseconds of a piece. */
const PIECE_MS = 10;
/** Every third sample is looked at, which meets both channels. */
const STRIDE = 3;

/** Where sound breaks off and comes again, by the pieces of 10 ms that come. Speech does so too: it is one half of a proof. */
export class HoleWatch {
  /** The loudest of just now, as a sample. */
  #level = 0;
  #run = Number.POSITIVE_INFINITY;
  #count = 0;
  #ms = 0;
  #heard = false;
  readonly #longestMs: number;

  /** @param longestMs sound that comes again later has ended before */
  constructor(longestMs: number) {
    this.#longestMs = longestMs;
  }

  /** How long it has been quiet, in milliseconds; Infinity before the first sound. */
  get quietMs(): number {
    return this.#run * PIECE_MS;
  }

  /** Holes that are over. */
  get count(): number {
    return this.#count;
  }

  /** How long they were together, in milliseconds. */
  get ms(): number {
    return this.#ms;
  }

  /** Whether there was sound since the reset. */
  get heard(): boolean {
    return this.#heard;
  }

  /** A piece. Does not keep it. */
  take(samples: Int16Array): void {
    const peak = peakOf(samples);
    this.#level = Math.max(peak, this.#level * FORGET);
    if (peak <= INAUDIBLE || peak < DROP * this.#level) {
      this.#run++;
      return;
    }
    if (this.#run > 0 && this.quietMs <= this.#longestMs) {
      this.#count++;
      this.#ms += this.quietMs;
    }
    this.#run = 0;
    this.#heard = true;
  }

  /** Forgets the holes that are over, and what was heard. */
  reset(): void {
    this.#count = 0;
    this.#ms = 0;
    this.#heard = false;
  }
}

function peakOf(samples: Int16Array): number {
  let peak = 0;
  for (let index = 0; index < samples.length; index += STRIDE) {
    const sample = Math.abs(samples[index]!);
    if (sample > peak) peak = sample;
  }
  return peak;
}
