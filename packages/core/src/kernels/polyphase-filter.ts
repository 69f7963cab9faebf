import { equiripple, equirippleReach } from './equiripple.ts';

/** How a resampling filter trades quality for speed and latency. */
export const resampleQualities = ['fast', 'high', 'best', 'sharp'] as const;
/** How exact a resampler is. */
export type ResampleQuality = (typeof resampleQualities)[number];

/**
 * Taps for each sample period of the lower rate, and stop-band attenuation of Kaiser's window in dB; without one it is
 * the equiripple filter. The stop band begins at the Nyquist frequency of the lower rate, so nothing folds back; what the
 * window leaves decides where the pass band ends.
 */
const designs: Record<ResampleQuality, { readonly taps: number; readonly attenuation?: number }> = {
  fast: { taps: 32, attenuation: 60 },
  high: { taps: 80, attenuation: 81.5 },
  best: { taps: 160, attenuation: 100 },
  sharp: { taps: 2 * equirippleReach },
};

/** The impulse response at a time in input samples from its centre, not normalized. */
type Response = (time: number) => number;

/** More coefficients than this are interpolated from a coarser table instead, so that a table stays under 400 kB. */
const maxCoefficients = 100_000;
/** Rows for one sample period of the lower rate when interpolating: linear interpolation then errs by -108 dB. */
const interpolatedRows = 512;
/** What one unit of `fine` is of a unit of `coarse`. */
export const fineScale = 256;

/**
 * A low-pass as rows of taps, one row for each fraction of an input sample at which an output sample can
 * lie. A coefficient is `(coarse * fineScale + fine) * unit`: two 16-bit words, because one has too little precision
 * and integer products are exact, so that every implementation gives the same samples.
 */
export interface PolyphaseFilter {
  /** Output and input rate divided by their greatest common divisor. */
  readonly up: number;
  /** Input rate divided by that divisor: the input moves on by `down / up` samples for each one that comes out. */
  readonly down: number;
  /** Taps of a row, a multiple of 8. */
  readonly taps: number;
  /** Rows for one input sample. Equal to `up`, or fewer: then neighbouring rows are interpolated, and one more follows. */
  readonly rows: number;
  /** Whether a coefficient lies between those of two rows. */
  readonly interpolated: boolean;
  /** For each row, 8 coarse words and 8 fine words in turn. */
  readonly words: Int16Array;
  /** What 1 of a fine word is of a coefficient; 1 of a coarse word is `fineScale` of them. */
  readonly unit: number;
}

const cache = new Map<string, WeakRef<PolyphaseFilter>>();
const forgotten = new FinalizationRegistry<string>((key) => {
  if (cache.get(key)?.deref() === undefined) cache.delete(key);
});

/** The filter for a pair of rates; resamplers with the same rates share one. */
export function polyphaseFilter(inputRate: number, outputRate: number, quality: ResampleQuality): PolyphaseFilter {
  const divisor = greatestCommonDivisor(inputRate, outputRate);
  const up = outputRate / divisor;
  const down = inputRate / divisor;
  const key = `${up}/${down} ${quality}`;
  const known = cache.get(key)?.deref();
  if (known !== undefined) return known;
  const filter = design(up, down, quality);
  cache.set(key, new WeakRef(filter));
  forgotten.register(filter, key);
  return filter;
}

/** Look-ahead of the filter, in input samples: half its taps. */
export function resampleDelay(inputRate: number, outputRate: number, quality: ResampleQuality = 'high'): number {
  return tapCount(Math.min(1, outputRate / inputRate), quality) / 2;
}

/** A multiple of 8, for the vectors. `band` is the lower rate as a share of the input rate. */
function tapCount(band: number, quality: ResampleQuality): number {
  return Math.ceil(designs[quality].taps / band / 8) * 8;
}

function design(up: number, down: number, quality: ResampleQuality): PolyphaseFilter {
  const { attenuation } = designs[quality];
  const band = Math.min(1, up / down);
  const taps = tapCount(band, quality);
  const interpolated = up * taps > maxCoefficients;
  const rows = interpolated ? Math.ceil(interpolatedRows * band) : up;
  const response: Response =
    attenuation === undefined ? (time) => equiripple(time * band) : windowedSinc(taps, band, attenuation);
  const count = interpolated ? rows + 1 : rows;
  const coefficients = new Float64Array(count * taps);
  for (let row = 0; row < count; row++) {
    fillRow(coefficients.subarray(row * taps, (row + 1) * taps), row / rows, response);
  }
  return { up, down, taps, rows, interpolated, ...quantize(coefficients, taps) };
}

function windowedSinc(taps: number, band: number, attenuation: number): Response {
  // Kaiser's estimate of the transition width, as a share of the lower rate's Nyquist frequency.
  const transition = ((attenuation - 7.95) / 14.36) * (2 / (taps * band));
  const cutoff = band * (1 - transition / 2);
  const beta = 0.1102 * (attenuation - 8.7);
  const half = taps / 2;
  return (time) => {
    const x = Math.PI * cutoff * time;
    const sinc = x === 0 ? 1 : Math.sin(x) / x;
    const ratio = time / half;
    return sinc * bessel(beta * Math.sqrt(Math.max(0, 1 - ratio * ratio)));
  };
}

/** Every row has a gain of exactly 1 at 0 Hz, so that the rows do not modulate a slow signal. */
function fillRow(row: Float64Array, fraction: number, response: Response): void {
  const half = row.length / 2;
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    const value = response(i - (half - 1) - fraction);
    row[i] = value;
    sum += value;
  }
  for (let i = 0; i < row.length; i++) row[i]! /= sum;
}

function quantize(coefficients: Float64Array, taps: number): { words: Int16Array; unit: number } {
  const scale = largestScale(coefficients, taps);
  const words = new Int16Array(coefficients.length * 2);
  for (let start = 0; start < coefficients.length; start += 8) {
    for (let i = 0; i < 8; i++) {
      const value = Math.round(coefficients[start + i]! * scale * fineScale);
      const coarse = Math.floor(value / fineScale + 0.5);
      words[start * 2 + i] = coarse;
      words[start * 2 + 8 + i] = value - coarse * fineScale;
    }
  }
  return { words, unit: 1 / (scale * fineScale) };
}

/**
 * The largest scale at which no coarse word exceeds 16 bits, and no sum of coarse products 32: a full-scale input of any
 * shape fits, so an accumulator of 32 bits is enough.
 */
function largestScale(coefficients: Float64Array, taps: number): number {
  let peak = 0;
  let largestSum = 0;
  for (let row = 0; row < coefficients.length; row += taps) {
    let sum = 0;
    for (let i = row; i < row + taps; i++) {
      const size = Math.abs(coefficients[i]!);
      peak = Math.max(peak, size);
      sum += size;
    }
    largestSum = Math.max(largestSum, sum);
  }
  // Rounding to a word adds at most half a unit to each tap.
  return Math.min(32_766 / peak, (65_535 - taps / 2) / largestSum);
}

/** The modified Bessel function of the first kind, order 0, by its power series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
