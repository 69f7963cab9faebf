/** Spectra of real samples under a Hann window: a fast Fourier transform of radix 2 with its tables made once. */
export class Spectrum {
  readonly size: number;
  readonly #window: Float64Array;
  /** Where each sample goes first: its place with the bits turned round. */
  readonly #places: Uint32Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;
  readonly #scale: number;

  /** @param size samples, a power of two */
  constructor(size: number) {
    this.size = size;
    this.#window = Float64Array.from({ length: size }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / size));
    const bits = Math.log2(size);
    this.#places = Uint32Array.from({ length: size }, (_, at) => turned(at, bits));
    this.#cos = Float64Array.from({ length: size / 2 }, (_, at) => Math.cos((2 * Math.PI * at) / size));
    this.#sin = Float64Array.from({ length: size / 2 }, (_, at) => -Math.sin((2 * Math.PI * at) / size));
    this.#real = new Float64Array(size);
    this.#imaginary = new Float64Array(size);
    // The window halves a sine, and half of that is in the negative frequencies.
    this.#scale = (4 / size) ** 2;
  }

  /** Adds the power in each of `size / 2` bins to `powers`: 1 is a sine that reaches 1. `line` begins at `from`. */
  addTo(powers: Float32Array, at: number, line: Float64Array, from: number): void {
    const { size } = this;
    for (let index = 0; index < size; index++)
      this.#real[this.#places[index]!] = line[from + index]! * this.#window[index]!;
    this.#imaginary.fill(0);
    for (let half = 1; half < size; half *= 2) this.#combine(half);
    for (let bin = 0; bin < size / 2; bin++)
      powers[at + bin]! += this.#scale * (this.#real[bin]! ** 2 + this.#imaginary[bin]! ** 2);
  }

  #combine(half: number): void {
    const [real, imaginary] = [this.#real, this.#imaginary];
    const step = this.size / (2 * half);
    for (let begin = 0; begin < this.size; begin += 2 * half)
      for (let at = begin, turn = 0; at < begin + half; at++, turn += step) {
        const cos = this.#cos[turn]!;
        const sin = this.#sin[turn]!;
        const re = real[at + half]! * cos - imaginary[at + half]! * sin;
        const im = real[at + half]! * sin + imaginary[at + half]! * cos;
        real[at + half] = real[at]! - re;
        imaginary[at + half] = imaginary[at]! - im;
        real[at]! += re;
        imaginary[at]! += im;
      }
  }
}

function turned(value: number, bits: number): number {
  let result = 0;
  for (let bit = 0, rest = value; bit < bits; bit++, rest >>= 1) result = (result << 1) | (rest & 1);
  return result;
}
