/** Filters by which a picture may be scaled. */
export const scaleFilters = ['linear', 'cubic'] as const;
/**
 * What is between pixels, and how pixels are averaged. `linear`: bilinear, a triangle as wide as a pixel of the result
 * where that is the larger one; nothing overshoots. `cubic`: Catmull-Rom, sharper, for twice the work; edges overshoot
 * by a few levels.
 */
export type ScaleFilter = (typeof scaleFilters)[number];

/** The weights of one result sum to this. */
export const unitWeight = 16_384;

/** Which samples of a line a result is made of, along one axis. */
export interface ScaleAxis {
  /** Weights of each result. */
  readonly taps: number;
  /** Sample that the first weight of each result belongs to. Samples from the last one on have no weight. */
  readonly firsts: Uint32Array;
  readonly weights: Int16Array;
}

export interface ScaleAxisOptions {
  /** Samples there are. Half of one at the end: it stands for one pixel, where the others stand for two. */
  readonly size: number;
  /** Where the results begin, in samples from the left edge of the first. */
  readonly start: number;
  /** Samples for each result. */
  readonly step: number;
  /** Results, of which the last may be a half one too. */
  readonly length: number;
  readonly filter: ScaleFilter;
  /** The number of taps that the kernel takes for so many. */
  readonly roundTaps: (taps: number) => number;
}

const radius: Readonly<Record<ScaleFilter, number>> = { linear: 1, cubic: 2 };

/** The weight at a distance in samples; Catmull-Rom is Keys' cubic with a = -1/2. */
export function filterWeight(filter: ScaleFilter, distance: number): number {
  const x = Math.abs(distance);
  if (filter === 'linear') return Math.max(0, 1 - x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/**
 * Where samples are left out at the ends, the outermost counts for them. The lists have places for a multiple of four
 * results, the last of them without weight.
 */
export function scaleAxis(options: ScaleAxisOptions): ScaleAxis {
  const { step, filter } = options;
  const [size, length] = [Math.ceil(options.size), Math.ceil(options.length)];
  const width = Math.max(step, 1);
  const reach = radius[filter] * width;
  const taps = options.roundTaps(Math.min(Math.ceil(2 * reach), size));
  const places = (length + 3) & ~3;
  const firsts = new Uint32Array(places);
  const weights = new Int16Array(places * taps);
  const exact = new Float64Array(taps);
  for (let index = 0; index < length; index++) {
    const center = centerOf(index, options);
    const [from, to] = [Math.floor(center - reach) + 1, Math.ceil(center + reach) - 1];
    const first = Math.min(Math.max(from, 0), Math.max(size - taps, 0));
    exact.fill(0);
    for (let at = from; at <= to; at++)
      exact[Math.min(Math.max(at, 0), size - 1) - first]! += filterWeight(filter, (at - center) / width);
    firsts[index] = first;
    quantize(exact, weights.subarray(index * taps, (index + 1) * taps));
  }
  return { taps, firsts, weights };
}

/** The sample, or place between samples, that a result is in the middle of. A half one is not in the middle of a whole. */
function centerOf(index: number, { size, start, step, length }: ScaleAxisOptions): number {
  const center = start + (index + 0.5) * step - 0.5;
  if (index + 1 <= length) return center;
  const earlier = center - step / 4;
  // From the last whole sample to a half one it is three quarters of the way between two whole ones.
  const before = Math.floor(size) - 1;
  return Number.isInteger(size) || earlier < before ? earlier : before + (earlier - before) / 0.75;
}

/** What rounding takes or gives, the largest weight makes good: one colour stays that colour. */
function quantize(exact: Float64Array, weights: Int16Array): void {
  let sum = 0;
  for (const weight of exact) sum += weight;
  let rest = unitWeight;
  let largest = 0;
  for (let tap = 0; tap < exact.length; tap++) {
    weights[tap] = Math.round((exact[tap]! * unitWeight) / sum);
    rest -= weights[tap]!;
    if (weights[tap]! > weights[largest]!) largest = tap;
  }
  weights[largest]! += rest;
}
