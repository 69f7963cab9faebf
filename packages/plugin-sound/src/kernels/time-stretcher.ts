import { Similarity } from './similarity.ts';

/** How long each cross-fade is, and how far to both sides of its place a segment is looked for, in seconds. */
const HOP = 0.01;
const RANGE = 0.01;

/** How far ahead of what leaves sound has to be there, in milliseconds. */
export const stretchDelayMs = 1_000 * (RANGE + 2 * HOP);

/**
 * Changes tempo and keeps pitch: segments of 20 ms are taken from where the tempo wants them, moved to where they go on most
 * like the one before, and cross-faded (WSOLA: Verhelst and Roelands, ICASSP 1993). What goes on by itself within the range
 * stays: at rate 1 every sample leaves as it came.
 */
export class TimeStretcher {
  rate: number;
  readonly #channels: number;
  readonly #hop: number;
  readonly #range: number;
  readonly #fade: Float64Array;
  readonly #similarity: Similarity;
  /** What came and may still be needed: interleaved, and all channels together. `#base` is its first sample's number. */
  #samples: Int16Array;
  #mix: Float64Array;
  #base = 0;
  #end = 0;
  /** The place in the input of what leaves next, and where the last segment goes on. */
  #position = 0;
  #natural = 0;

  constructor(sampleRate: number, channels: number, rate: number) {
    this.rate = rate;
    this.#channels = channels;
    this.#hop = Math.round(HOP * sampleRate);
    this.#range = Math.round(RANGE * sampleRate);
    this.#fade = Float64Array.from({ length: this.#hop }, (_, index) => {
      return 0.5 - 0.5 * Math.cos((Math.PI * (index + 0.5)) / this.#hop);
    });
    this.#similarity = new Similarity(sampleRate, this.#hop, this.#range);
    const room = 16 * this.#hop;
    this.#samples = new Int16Array(room * channels);
    this.#mix = new Float64Array(room);
  }

  /** Whether nothing came since the beginning of the stretch. */
  get empty(): boolean {
    return this.#end === 0;
  }

  /** Sample frames that came and have not left, in terms of what leaves. */
  get held(): number {
    return Math.max(0, Math.round((this.#end - this.#position) / this.rate));
  }

  /** Sample frames that can leave now, in whole hops. */
  get ready(): number {
    const ahead = this.#range + 2 * this.#hop;
    let count = 0;
    for (let place = this.#position; Math.round(place) + ahead <= this.#end; place += this.#hop * this.rate) count++;
    return count * this.#hop;
  }

  /** Takes interleaved samples, whole sample frames. They are copied. */
  add(input: Int16Array): void {
    const length = input.length / this.#channels;
    this.#makeRoom(length);
    const at = this.#end - this.#base;
    this.#samples.set(input, at * this.#channels);
    const [mix, channels] = [this.#mix, this.#channels];
    if (channels === 1) mix.set(input, at);
    else
      for (let index = at, from = 0; index < at + length; index++) {
        let sum = 0;
        for (let channel = 0; channel < channels; channel++) sum += input[from++]!;
        mix[index] = sum;
      }
    this.#end += length;
  }

  /** Writes the next sample frames: as many as `ready`, or at the end as many as are `held`. */
  read(output: Int16Array): void {
    const size = this.#hop * this.#channels;
    if (output.length > this.ready * this.#channels)
      this.add(new Int16Array(2 * (this.#range + 2 * this.#hop) * this.#channels));
    for (let to = 0; to < output.length; to += size) this.#step(output, to, Math.min(output.length, to + size));
  }

  /** Forgets all: the next input is the start of a new stretch. */
  reset(): void {
    this.#base = 0;
    this.#end = 0;
    this.#position = 0;
    this.#natural = 0;
  }

  #step(output: Int16Array, to: number, end: number): void {
    const natural = this.#natural;
    const target = Math.round(this.#position);
    const chosen = Math.abs(natural - target) <= this.#range ? natural : this.#mostLike(natural, target);
    const from = (natural - this.#base) * this.#channels;
    if (chosen === natural) output.set(this.#samples.subarray(from, from + end - to), to);
    else this.#crossFade(output, to, end, from, (chosen - this.#base) * this.#channels);
    this.#natural = chosen + this.#hop;
    this.#position += this.#hop * this.rate;
  }

  #crossFade(output: Int16Array, to: number, end: number, from: number, next: number): void {
    const [samples, fade, channels] = [this.#samples, this.#fade, this.#channels];
    for (let index = 0, at = to; at < end; index++) {
      const share = fade[index]!;
      for (let channel = 0; channel < channels; channel++, at++) {
        const old = samples[from + at - to]!;
        output[at] = Math.round(old + share * (samples[next + at - to]! - old));
      }
    }
  }

  #mostLike(natural: number, target: number): number {
    const from = Math.max(0, target - this.#range - this.#base);
    const to = target + this.#range - this.#base;
    return this.#base + this.#similarity.best(this.#mix, natural - this.#base, this.#hop, from, to);
  }

  #makeRoom(length: number): void {
    const used = this.#end - this.#base;
    if (used + length <= this.#mix.length) return;
    const first = Math.max(this.#base, Math.min(this.#natural, Math.round(this.#position) - this.#range));
    const gone = first - this.#base;
    const [samples, mix] = [this.#samples, this.#mix];
    if (used - gone + length > mix.length) {
      const room = 2 * (used - gone + length);
      this.#samples = new Int16Array(room * this.#channels);
      this.#mix = new Float64Array(room);
    }
    this.#samples.set(samples.subarray(gone * this.#channels, used * this.#channels));
    this.#mix.set(mix.subarray(gone, used));
    this.#base = first;
  }
}
