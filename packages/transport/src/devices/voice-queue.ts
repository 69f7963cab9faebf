/** Media that is kept while nobody reads, in milliseconds; the oldest goes first. */
const LONGEST_BACKLOG_MS = 1_000;
/** Media that must be there before a voice starts, or starts again, in milliseconds. */
const START_MS = 20;

/** One remote voice on its way into a speaker: samples in the speaker's format, taken in slices. */
export class VoiceQueue {
  readonly #limit: number;
  readonly #start: number;
  #chunks: Int16Array[] = [];
  #offset = 0;
  #queued = 0;
  #playing = false;
  #dropped = 0;

  constructor(sampleRate: number, channels: number) {
    this.#limit = (LONGEST_BACKLOG_MS * sampleRate * channels) / 1000;
    this.#start = (START_MS * sampleRate * channels) / 1000;
  }

  /** Samples, all channels, that were dropped because nobody read them. */
  get dropped(): number {
    return this.#dropped;
  }

  push(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#chunks.push(samples);
    this.#queued += samples.length;
    while (this.#queued > this.#limit) {
      const oldest = this.#chunks.shift()!;
      const lost = oldest.length - this.#offset;
      this.#queued -= lost;
      this.#dropped += lost;
      this.#offset = 0;
    }
  }

  /** Adds the next samples to `mix`. A voice that has run dry adds what is left and waits for a new start. */
  addTo(mix: Int32Array): void {
    if (!this.#playing && this.#queued < this.#start) return;
    this.#playing = this.#queued >= mix.length;
    let filled = 0;
    while (filled < mix.length && this.#chunks.length > 0) {
      const chunk = this.#chunks[0]!;
      const part = Math.min(chunk.length - this.#offset, mix.length - filled);
      for (let index = 0; index < part; index++) mix[filled + index]! += chunk[this.#offset + index]!;
      filled += part;
      this.#offset += part;
      if (this.#offset < chunk.length) continue;
      this.#chunks.shift();
      this.#offset = 0;
    }
    this.#queued -= filled;
  }
}
