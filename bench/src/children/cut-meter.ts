/** What was heard of a tone that was cut off. */
export interface HeardCut {
  /** When its last loud millisecond came, on the clock that `push` was given; undefined while it sounds. */
  readonly silentAt: number | undefined;
  /** Sound after that, in milliseconds. */
  readonly staleMs: number;
}

/** Peak from which on a millisecond is sound: what a codec leaves behind is below. */
const LOUD = 1_500;
/** Quiet for so long is silence, in milliseconds. */
const QUIET_MS = 40;

/** Finds the end of a tone by its samples, and what of it comes back. One channel. */
export class CutMeter {
  readonly #perMs: number;
  #lastLoud = Number.NaN;
  /** Nothing has sounded yet. */
  #quietMs = QUIET_MS;
  #isSilent = false;
  #staleMs = 0;

  /** @param sampleRate Hz, a whole number of samples a millisecond */
  constructor(sampleRate: number) {
    this.#perMs = sampleRate / 1_000;
  }

  /** Whether the tone sounds. */
  get isLoud(): boolean {
    return this.#quietMs < QUIET_MS;
  }

  get heard(): HeardCut {
    return { silentAt: this.#isSilent ? this.#lastLoud : undefined, staleMs: this.#staleMs };
  }

  /** Waits for the next cut. */
  reset(): void {
    this.#isSilent = false;
    this.#staleMs = 0;
  }

  /** Samples of whole milliseconds that came at `at`, in milliseconds. */
  push(samples: Int16Array, at: number): void {
    const start = at - samples.length / this.#perMs;
    for (let first = 0; first < samples.length; first += this.#perMs) {
      if (!isLoud(samples, first, first + this.#perMs)) {
        this.#quietMs++;
        if (this.#quietMs === QUIET_MS) this.#isSilent = true;
        continue;
      }
      this.#quietMs = 0;
      if (this.#isSilent) this.#staleMs++;
      else this.#lastLoud = start + first / this.#perMs + 1;
    }
  }
}

function isLoud(samples: Int16Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (samples[index]! > LOUD || samples[index]! < -LOUD) return true;
  return false;
}
