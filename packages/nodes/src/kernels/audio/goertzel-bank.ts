/**
 * Complex amplitudes of some frequencies in blocks of equal length, by Goertzel's algorithm. The phase counts from the
 * first sample of all, so that amplitudes of following blocks can be added up.
 */
export class GoertzelBank {
  /** Of the block measured last, for each frequency. A sine of amplitude A gives a magnitude of A x length / 2. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Sum of the squares, and of the values, of the block measured last. */
  energy = 0;
  sum = 0;
  readonly #frequencies: readonly number[];
  readonly #sampleRate: number;
  readonly #length: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  /** Where each frequency is at the last sample of the next block, in cycles. */
  readonly #cycles: Float64Array;

  constructor(frequencies: readonly number[], sampleRate: number, length: number) {
    const omegas = frequencies.map((frequency) => (2 * Math.PI * frequency) / sampleRate);
    this.re = new Float64Array(frequencies.length);
    this.im = new Float64Array(frequencies.length);
    this.#frequencies = frequencies;
    this.#sampleRate = sampleRate;
    this.#length = length;
    this.#cosines = Float64Array.from(omegas, Math.cos);
    this.#sines = Float64Array.from(omegas, Math.sin);
    this.#cycles = Float64Array.from(frequencies, (frequency) => ((frequency * (length - 1)) / sampleRate) % 1);
  }

  /** Measures the next block. */
  measure(block: Float64Array): void {
    this.energy = 0;
    this.sum = 0;
    for (let n = 0; n < block.length; n++) {
      this.energy += block[n]! * block[n]!;
      this.sum += block[n]!;
    }
    for (let k = 0; k < this.re.length; k++) {
      const cosine = this.#cosines[k]!;
      let last = 0;
      let before = 0;
      for (let n = 0; n < block.length; n++) {
        const next = block[n]! + 2 * cosine * last - before;
        before = last;
        last = next;
      }
      const re = last - cosine * before;
      const im = this.#sines[k]! * before;
      const phase = -2 * Math.PI * this.#cycles[k]!;
      this.re[k] = re * Math.cos(phase) - im * Math.sin(phase);
      this.im[k] = re * Math.sin(phase) + im * Math.cos(phase);
      this.#cycles[k] = (this.#cycles[k]! + (this.#frequencies[k]! * this.#length) / this.#sampleRate) % 1;
    }
  }
}
