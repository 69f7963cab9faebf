/** What a detector of the server is set to. */
export interface ServerVadSettings {
  readonly prefix_padding_ms?: number;
  readonly silence_duration_ms?: number;
}

export interface ServerVadListener {
  readonly onStart: (audioStartMs: number) => void;
  readonly onStop: (audioEndMs: number) => void;
}

/** Mean level of 10 ms from which on there is speech: -45 dBFS. */
const LEAST = (32_768 * 10 ** (-45 / 20)) ** 2;

/** Takes whatever is loud for speech, by the samples that were sent. */
export class ServerVad {
  readonly #listener: ServerVadListener;
  #settings: ServerVadSettings | undefined;
  #energy = 0;
  #count = 0;
  #ms = 0;
  #quietMs = 0;
  #speaking = false;

  constructor(listener: ServerVadListener) {
    this.#listener = listener;
  }

  /** Undefined: it detects nothing. */
  set settings(settings: ServerVadSettings | undefined) {
    this.#settings = settings;
  }

  /** The turn was ended by somebody else. */
  reset(): void {
    this.#speaking = false;
  }

  read(samples: Int16Array, sampleRate: number): void {
    const block = sampleRate / 100;
    for (const sample of samples) {
      this.#energy += sample * sample;
      if (++this.#count < block) continue;
      this.#ms += 10;
      this.#judge(this.#energy / block > LEAST);
      this.#count = 0;
      this.#energy = 0;
    }
  }

  #judge(loud: boolean): void {
    if (this.#settings === undefined) return;
    const { prefix_padding_ms: prefix = 300, silence_duration_ms: silence = 500 } = this.#settings;
    this.#quietMs = loud ? 0 : this.#quietMs + 10;
    if (loud && !this.#speaking) {
      this.#speaking = true;
      this.#listener.onStart(Math.max(0, this.#ms - 10 - prefix));
    } else if (this.#speaking && this.#quietMs >= silence) {
      this.#speaking = false;
      this.#listener.onStop(this.#ms);
    }
  }
}
