/** A band-pass of second order, unity at its centre (Bristow-Johnson, Audio EQ Cookbook, constant peak gain). */
class BandPass {
  readonly #b0: number;
  readonly #a1: number;
  readonly #a2: number;
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor(frequency: number, quality: number, sampleRate: number) {
    const omega = (2 * Math.PI * frequency) / sampleRate;
    const alpha = Math.sin(omega) / (2 * quality);
    this.#b0 = alpha / (1 + alpha);
    this.#a1 = (-2 * Math.cos(omega)) / (1 + alpha);
    this.#a2 = (1 - alpha) / (1 + alpha);
  }

  filter(x: number): number {
    const y = this.#b0 * (x - this.#x2) - this.#a1 * this.#y1 - this.#a2 * this.#y2;
    this.#x2 = this.#x1;
    this.#x1 = x;
    this.#y2 = this.#y1;
    this.#y1 = y;
    return y;
  }
}

/** Centres of the bands, in hertz: a third of an octave apart where speech has its power, all below 4 kHz. */
export const bandCentres = [250, 315, 400, 500, 630, 800, 1_000, 1_250, 1_600, 2_000, 2_500, 3_150] as const;
/** Centre by width of a third of an octave. */
const QUALITY = 4.3;

/** How much power there is in each band of speech, piece by piece of a stream. Two filters in a row, so that bands are apart. */
export class BandPowers {
  readonly #bands: readonly (readonly [BandPass, BandPass])[];

  /** `sampleRate` in hertz, at least 8,000. */
  constructor(sampleRate: number) {
    const filter = (centre: number) => new BandPass(centre, QUALITY, sampleRate);
    this.#bands = bandCentres.map((centre) => [filter(centre), filter(centre)]);
  }

  /** Measures the next samples `from` to `to` of a mono stream: mean squares, in sample units, into `powers`. */
  measure(samples: Int16Array, from: number, to: number, powers: Float64Array): void {
    for (const [band, [first, second]] of this.#bands.entries()) {
      let sum = 0;
      for (let index = from; index < to; index++) {
        const y = second.filter(first.filter(samples[index]!));
        sum += y * y;
      }
      powers[band] = sum / (to - from);
    }
  }
}
