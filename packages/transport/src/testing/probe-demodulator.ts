import { probeTones, readProbe } from './probe-code.ts';

/** What a window says: index (0 to 120) or nothing, its middle in ms, mean square, RMS of its newest part, hop in ms. */
type OnWindow = (value: number | undefined, middle: number, energy: number, newest: number, hopMs: number) => void;

/**
 * Listens for the tones in windows of 10 ms that advance by a part of that. Each part is correlated once with each tone;
 * a window is the sum of its parts, since all tones repeat after 10 ms.
 */
export class ProbeDemodulator {
  readonly #seed: number;
  readonly #onWindow: OnWindow;
  readonly #window: number;
  readonly #parts: number;
  readonly #hop: number;
  readonly #hopMs: number;
  readonly #cosine: readonly Float64Array[];
  readonly #sine: readonly Float64Array[];
  /** Correlations of the last parts, a ring: parts x tones. */
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;
  readonly #energies: Float64Array;
  readonly #powers = new Float64Array(probeTones.length);
  readonly #pending: Int16Array;
  #filled = 0;
  #part = 0;

  constructor(sampleRate: number, seed: number, onWindow: OnWindow) {
    this.#seed = seed;
    this.#onWindow = onWindow;
    this.#window = sampleRate / 100;
    this.#parts = [4, 3, 5, 7].find((parts) => this.#window % parts === 0) ?? 1;
    this.#hop = this.#window / this.#parts;
    this.#hopMs = 10 / this.#parts;
    const table = (wave: (angle: number) => number) =>
      probeTones.map((tone) =>
        Float64Array.from({ length: this.#window }, (_, index) => wave((2 * Math.PI * tone * index) / sampleRate)),
      );
    this.#cosine = table(Math.cos);
    this.#sine = table(Math.sin);
    this.#real = new Float64Array(this.#parts * probeTones.length);
    this.#imaginary = new Float64Array(this.#parts * probeTones.length);
    this.#energies = new Float64Array(this.#parts);
    this.#pending = new Int16Array(this.#hop);
  }

  push(samples: Int16Array, channels: number): void {
    for (let index = 0; index < samples.length; index += channels) {
      this.#pending[this.#filled++] = samples[index]!;
      if (this.#filled < this.#hop) continue;
      this.#filled = 0;
      this.#correlate();
    }
  }

  #correlate(): void {
    const slot = this.#part % this.#parts;
    const offset = slot * this.#hop;
    for (let tone = 0; tone < probeTones.length; tone++) {
      const cosine = this.#cosine[tone]!;
      const sine = this.#sine[tone]!;
      let real = 0;
      let imaginary = 0;
      for (let index = 0; index < this.#hop; index++) {
        real += this.#pending[index]! * cosine[offset + index]!;
        imaginary += this.#pending[index]! * sine[offset + index]!;
      }
      this.#real[slot * probeTones.length + tone] = real;
      this.#imaginary[slot * probeTones.length + tone] = imaginary;
    }
    let energy = 0;
    for (let index = 0; index < this.#hop; index++) energy += this.#pending[index]! ** 2;
    this.#energies[slot] = energy;
    this.#part++;
    if (this.#part >= this.#parts) this.#judge(Math.sqrt(energy / this.#hop));
  }

  #judge(newest: number): void {
    const tones = probeTones.length;
    for (let tone = 0; tone < tones; tone++) {
      let real = 0;
      let imaginary = 0;
      for (let part = 0; part < this.#parts; part++) {
        real += this.#real[part * tones + tone]!;
        imaginary += this.#imaginary[part * tones + tone]!;
      }
      this.#powers[tone] = (2 * (real * real + imaginary * imaginary)) / this.#window ** 2;
    }
    const energy = this.#energies.reduce((sum, value) => sum + value, 0) / this.#window;
    const value = energy < 1 ? undefined : readProbe(this.#powers, energy, this.#seed);
    this.#onWindow(value, this.#part * this.#hopMs - 5, energy, newest, this.#hopMs);
  }
}
