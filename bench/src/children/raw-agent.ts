import type { RawAudio, RawPeer } from './raw-peer.ts';
import { standInModel } from './stand-in-model.ts';

/** Samples of 10 ms at 48 kHz. */
const SLICE = 480;
/** Slices that wait before speaking begins: 60 ms. */
const CUSHION = 6;
/** Slices that a reading of the level covers: 100 ms. */
const LEVEL = 10;

/** What an agent that listens and speaks does, by hand: level, pieces of 20 ms, a model, a queue that is played. */
export class RawAgent {
  readonly peer: RawPeer;
  readonly #queue: Int16Array[] = [];
  readonly #silence = new Int16Array(SLICE);
  #chunk = new Int16Array(2 * SLICE);
  #filled = 0;
  #speaks = false;
  #slices = 0;
  #squares = 0;
  #peak = 0;
  /** The last reading: RMS and peak in dB of full scale. */
  level = { rmsDb: Number.NEGATIVE_INFINITY, peakDb: Number.NEGATIVE_INFINITY };

  constructor(peer: RawPeer) {
    this.peer = peer;
  }

  /** Call it after the negotiation. */
  listen(): void {
    this.peer.listen((audio) => this.hear(audio));
  }

  hear({ samples, sampleRate }: RawAudio): void {
    if (sampleRate !== 48_000 || samples.length !== SLICE) return;
    this.#measure(samples);
    this.#chunk.set(samples, this.#filled);
    this.#filled += SLICE;
    if (this.#filled < this.#chunk.length) return;
    const answer = standInModel(this.#chunk);
    this.#filled = 0;
    this.#queue.push(answer.slice(0, SLICE), answer.slice(SLICE));
  }

  /** Sends the next 10 ms. */
  speak(): void {
    if (!this.#speaks) this.#speaks = this.#queue.length >= CUSHION;
    const next = this.#speaks ? this.#queue.shift() : undefined;
    if (next === undefined) this.#speaks = false;
    this.peer.write(next ?? this.#silence);
  }

  #measure(samples: Int16Array): void {
    for (let index = 0; index < samples.length; index++) {
      const sample = samples[index]!;
      this.#squares += sample * sample;
      const size = sample < 0 ? -sample : sample;
      if (size > this.#peak) this.#peak = size;
    }
    if (++this.#slices < LEVEL) return;
    const rms = Math.sqrt(this.#squares / (LEVEL * SLICE));
    this.level = { rmsDb: 20 * Math.log10(rms / 32_768), peakDb: 20 * Math.log10(this.#peak / 32_768) };
    this.#slices = 0;
    this.#squares = 0;
    this.#peak = 0;
  }
}
