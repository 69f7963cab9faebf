import { PROBE_DIGITS, probeDigits, probeTones } from '../../../packages/transport/src/testing/probe-code.ts';

/** Kept behind, in milliseconds: a gap is judged once the frame after it has been read. */
const KEPT_MS = 4_000;
/** The middle of a frame is looked at: all tones of the probe repeat after it. */
const WINDOW_MS = 10;
const FRAME_MS = 20;
/** So many of a frame's three tones are the strongest of their bands, where it was heard. Its neighbours share one with it. */
export const HEARD_TONES = 2;

/** The last seconds of what was heard, and whether a frame of the probe is in it that its listener could not read. */
export class HeardTones {
  readonly #seed: number;
  readonly #perMs: number;
  readonly #ring: Int16Array;
  #written = 0;

  constructor(seed: number, sampleRate: number) {
    this.#seed = seed;
    this.#perMs = sampleRate / 1_000;
    this.#ring = new Int16Array(this.#perMs * KEPT_MS);
  }

  push(samples: Int16Array): void {
    for (const sample of samples) this.#ring[this.#written++ % this.#ring.length] = sample;
  }

  /** What was heard last, up to four seconds of it: for ears, where a number does not say what it was. */
  latest(): Int16Array {
    const length = Math.min(this.#written, this.#ring.length);
    return Int16Array.from({ length }, (_, at) => this.#ring[(this.#written - length + at) % this.#ring.length]!);
  }

  /** How much louder it is from one position to another than usual, in decibels: usual is the median of the frames that are kept. */
  louderDb(from: number, to: number): number {
    const all = this.latest();
    const frame = FRAME_MS * this.#perMs;
    const levels = Array.from({ length: Math.floor(all.length / frame) }, (_, at) =>
      meanSquare(all.subarray(at * frame, (at + 1) * frame)),
    ).sort((a, b) => a - b);
    const start = this.#written - all.length;
    const here = meanSquare(all.subarray(Math.max(0, from * this.#perMs - start), to * this.#perMs - start));
    return 10 * Math.log10(here / (levels[levels.length >> 1] ?? 1));
  }

  /** How many of the three tones of frame `index` are the strongest of their bands there; -1 where it is silent or no longer kept. */
  tones(index: number, position: number): number {
    const length = WINDOW_MS * this.#perMs;
    const first = Math.round((position + (FRAME_MS - WINDOW_MS) / 2) * this.#perMs);
    if (first < Math.max(0, this.#written - this.#ring.length) || first + length > this.#written) return -1;
    const window = Float64Array.from({ length }, (_, at) => this.#ring[(first + at) % this.#ring.length]!);
    if (window.every((sample) => sample === 0)) return -1;
    const powers = probeTones.map((tone) => powerOf(window, (2 * Math.PI * tone) / (this.#perMs * 1_000)));
    const strongest = probeDigits(index, this.#seed).filter((digit, band) => {
      const tones = powers.slice(band * PROBE_DIGITS, (band + 1) * PROBE_DIGITS);
      return tones[digit] === Math.max(...tones);
    });
    return strongest.length;
  }
}

function meanSquare(samples: Int16Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
}

/** Mean square of one tone in a window that holds whole periods of it; `step` in radians a sample. */
function powerOf(window: Float64Array, step: number): number {
  let [real, imaginary] = [0, 0];
  for (let at = 0; at < window.length; at++) {
    real += window[at]! * Math.cos(step * at);
    imaginary += window[at]! * Math.sin(step * at);
  }
  return (2 * (real * real + imaginary * imaginary)) / window.length ** 2;
}
