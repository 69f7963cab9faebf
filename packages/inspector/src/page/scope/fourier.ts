/** A discrete Fourier transform of `size` complex samples, a power of two. What it needs of sines is made once. */
export class Fourier {
  readonly #size: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;

  constructor(size: number) {
    const angle = (index: number) => (2 * Math.PI * index) / size;
    this.#size = size;
    this.#cosines = Float64Array.from({ length: size / 2 }, (_, index) => Math.cos(angle(index)));
    this.#sines = Float64Array.from({ length: size / 2 }, (_, index) => -Math.sin(angle(index)));
  }

  /** Transforms in place. To go back, hand over both parts the other way round and divide by the size. */
  transform(real: Float64Array, imaginary: Float64Array): void {
    this.#reorder(real, imaginary);
    const size = this.#size;
    for (let half = 1; half < size; half *= 2)
      for (let start = 0; start < size; start += 2 * half)
        for (let step = 0; step < half; step++) {
          const even = start + step;
          const odd = even + half;
          const cosine = this.#cosines[(step * size) / (2 * half)]!;
          const sine = this.#sines[(step * size) / (2 * half)]!;
          const re = real[odd]! * cosine - imaginary[odd]! * sine;
          const im = real[odd]! * sine + imaginary[odd]! * cosine;
          real[odd] = real[even]! - re;
          imaginary[odd] = imaginary[even]! - im;
          real[even] = real[even]! + re;
          imaginary[even] = imaginary[even]! + im;
        }
  }

  /** Each sample to the place whose number has its bits mirrored. */
  #reorder(...parts: Float64Array[]): void {
    let mirrored = 0;
    for (let index = 1; index < this.#size; index++) {
      let bit = this.#size >> 1;
      for (; (mirrored & bit) !== 0; bit >>= 1) mirrored ^= bit;
      mirrored ^= bit;
      if (index < mirrored) for (const part of parts) [part[index], part[mirrored]] = [part[mirrored]!, part[index]!];
    }
  }
}
