import { equiripple, equirippleReach } from './equiripple.ts';

/** How a resampling filter trades quality for speed and latency. */
export const resampleQualities = ['fast', 'high', 'best', 'sharp'] as const;
/** How exact a resampler is: `fast`, `high` (the default), `best` or `sharp`; `ResampleOptions` of `@sluice/nodes` has the figures. */
export type ResampleQuality = (typeof resampleQualities)[number];

interface Design {
  /** For each sample period of the lower rate. */
  readonly taps: number;
  /** Of the stop band of Kaiser's window, in dB; without one it is the equiripple filter. */
  readonly attenuation?: number;
  /**
   * Bits of a coefficient beyond those of its coarse word, where the input has the lower rate. More are more exact, and
   * make more groups wide.
   */
  readonly fineBits: number;
}

/**
 * The stop band begins at the Nyquist frequency of the lower rate, so nothing folds back; what the window leaves decides
 * where the pass band ends.
 */
const designs: Record<ResampleQuality, Design> = {
  fast: { taps: 32, attenuation: 60, fineBits: 5 },
  high: { taps: 80, attenuation: 81.5, fineBits: 6 },
  best: { taps: 160, attenuation: 100, fineBits: 8 },
  sharp: { taps: 2 * equirippleReach, fineBits: 6 },
};

/** The impulse response at a time in input samples from its centre, not normalized. */
type Response = (time: number) => number;

/** More coefficients than this are interpolated from a coarser table instead, so that a table stays under 400 kB. */
const maxCoefficients = 100_000;
/** Rows for one sample period of the lower rate when interpolating: linear interpolation then errs by -108 dB. */
const interpolatedRows = 512;
/** Taps of a group: the lanes of a vector. */
export const groupTaps = 8;
/** Groups whose fine products are summed in the lanes of a vector before they are carried into the coarse ones. */
const blockGroups = 32;
/** With these a block's fine words leave half of what a lane holds. */
const maxFineBits = 10;
/** The largest sum of sizes of words whose products with any samples fit 32 bits. */
const maxWordSum = 65_535;

/**
 * A low-pass as rows of taps, one row for each fraction of an input sample at which an output sample can
 * lie. A coefficient is `(coarse * 2 ** fineBits + fine) * unit`: two 16-bit words, because one has too little precision
 * and integer products are exact, so that every implementation gives the same samples. Far from its centre a response is
 * so small that the fine word holds all of it: such groups of taps are narrow, and cost half.
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
  /** Narrow groups at the start of each row. */
  readonly head: number;
  /** Wide groups behind those; what follows is narrow again. */
  readonly wide: number;
  /** For each row, the fine words of all narrow groups, then of each wide group the coarse words and the fine words. */
  readonly words: Int16Array;
  /** 1 of a coarse word is `2 ** fineBits` of a fine word. */
  readonly fineBits: number;
  /** What 1 of a fine word is of a coefficient. */
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
  return Math.ceil(designs[quality].taps / band / groupTaps) * groupTaps;
}

function design(up: number, down: number, quality: ResampleQuality): PolyphaseFilter {
  const { attenuation } = designs[quality];
  const band = Math.min(1, up / down);
  const taps = tapCount(band, quality);
  // Errors of more taps add up as the root of their number: half a bit for twice as many.
  const fineBits = Math.min(maxFineBits, Math.round(designs[quality].fineBits + Math.log2(1 / band) / 2));
  const interpolated = up * taps > maxCoefficients;
  const rows = interpolated ? Math.ceil(interpolatedRows * band) : up;
  const response: Response =
    attenuation === undefined ? (time) => equiripple(time * band) : windowedSinc(taps, band, attenuation);
  const count = interpolated ? rows + 1 : rows;
  const coefficients = new Float64Array(count * taps);
  for (let row = 0; row < count; row++) {
    fillRow(coefficients.subarray(row * taps, (row + 1) * taps), row / rows, response);
  }
  return { up, down, taps, rows, interpolated, ...quantize(coefficients, taps, fineBits) };
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

type Quantized = Pick<PolyphaseFilter, 'head' | 'wide' | 'words' | 'fineBits' | 'unit'>;

function quantize(coefficients: Float64Array, taps: number, fineBits: number): Quantized {
  const fineScale = 2 ** fineBits;
  const scale = largestScale(coefficients, taps, fineScale) * fineScale;
  const values = Int32Array.from(coefficients, (coefficient) => Math.round(coefficient * scale));
  const { head, wide } = wideGroups(values, taps, fineScale);
  const narrow = taps / groupTaps - wide;
  const rowWords = (narrow + 2 * wide) * groupTaps;
  const words = new Int16Array((values.length / taps) * rowWords);
  for (let tap = 0; tap < values.length; tap++) {
    const group = Math.floor((tap % taps) / groupTaps);
    const row = Math.floor(tap / taps) * rowWords + (tap % groupTaps);
    const inWide = group - head;
    if (inWide < 0 || inWide >= wide) {
      words[row + (inWide < 0 ? group : group - wide) * groupTaps] = values[tap]!;
      continue;
    }
    const at = row + (narrow + 2 * inWide) * groupTaps;
    const coarse = Math.floor(values[tap]! / fineScale + 0.5);
    words[at] = coarse;
    words[at + groupTaps] = values[tap]! - coarse * fineScale;
  }
  return { head, wide, words, fineBits, unit: 1 / scale };
}

/**
 * The groups that need two words in some row, from the first to the last. From both ends, the smaller first, groups are
 * narrow as long as their values fit a word, and the products that a lane of any row sums, a block of fine words included,
 * 32 bits.
 */
function wideGroups(values: Int32Array, taps: number, fineScale: number): { head: number; wide: number } {
  const peaks = new Float64Array(taps / groupTaps);
  for (let tap = 0; tap < values.length; tap++) {
    const group = Math.floor((tap % taps) / groupTaps);
    peaks[group] = Math.max(peaks[group]!, Math.abs(values[tap]!));
  }
  const room = new Float64Array(((values.length / taps) * groupTaps) / 2).fill(maxWordSum - blockGroups * fineScale);
  let first = 0;
  let last = peaks.length - 1;
  while (first < last) {
    const group = peaks[first]! <= peaks[last]! ? first : last;
    if (peaks[group]! > 32_767 || !takeRoom(room, values, taps, group)) break;
    if (group === first) first++;
    else last--;
  }
  return { head: first, wide: last - first + 1 };
}

/** Takes what the group's taps add to the four lanes of each row's sum, two to each; false if that is more than there is. */
function takeRoom(room: Float64Array, values: Int32Array, taps: number, group: number): boolean {
  for (let at = 0; at < room.length; at++) {
    const tap = (at >> 2) * taps + group * groupTaps + 2 * (at & 3);
    room[at]! -= Math.abs(values[tap]!) + Math.abs(values[tap + 1]!);
    if (room[at]! < 0) return false;
  }
  return true;
}

/**
 * The largest scale at which no coarse word exceeds 16 bits, and no sum of products, in units of coarse words, 32: a
 * full-scale input of any shape fits, so an accumulator of 32 bits is enough, also if it wraps on the way.
 */
function largestScale(coefficients: Float64Array, taps: number, fineScale: number): number {
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
  // Rounding adds at most half a unit of the fine words to each tap.
  return Math.min(32_766 / peak, (maxWordSum - 1 - taps / (2 * fineScale)) / largestSum);
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
