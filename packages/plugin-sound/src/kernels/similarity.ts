/** The rate that is searched at first, in Hz: voices differ below half of it. */
const COARSE_RATE = 8_000;

/** Finds where a stretch of sound goes on most like another: first in thinned samples, then sample by sample. */
export class Similarity {
  readonly #stride: number;
  readonly #wanted: Float64Array;
  readonly #region: Float64Array;

  /** @param length samples that are compared @param range how far to both sides is looked */
  constructor(sampleRate: number, length: number, range: number) {
    this.#stride = Math.max(1, Math.floor(sampleRate / COARSE_RATE));
    this.#wanted = new Float64Array(Math.ceil(length / this.#stride) + 1);
    this.#region = new Float64Array(Math.ceil((length + 2 * range) / this.#stride) + 1);
  }

  /** Which of the places `from` to `to` in `line` begins what is most like the `length` samples at `like`. */
  best(line: Float64Array, like: number, length: number, from: number, to: number): number {
    const stride = this.#stride;
    if (stride === 1) return strongest(line, like, line, length, from, to);
    const short = thin(line, like, like + length, stride, this.#wanted);
    const long = thin(line, from, to + length, stride, this.#region);
    const coarse = from + stride * strongest(this.#wanted, 0, this.#region, short, 0, long - short);
    return strongest(line, like, line, length, Math.max(from, coarse - stride), Math.min(to, coarse + stride));
  }
}

/** The place in `line` from `from` to `to` with the highest normalised correlation. */
function strongest(
  like: Float64Array,
  at: number,
  line: Float64Array,
  length: number,
  from: number,
  to: number,
): number {
  let energy = 1e-9;
  for (let index = from; index < from + length; index++) energy += line[index]! ** 2;
  let best = from;
  let highest = Number.NEGATIVE_INFINITY;
  for (let place = from; place <= to; place++) {
    let sum = 0;
    for (let index = 0; index < length; index++) sum += like[at + index]! * line[place + index]!;
    const likeness = sum / Math.sqrt(Math.max(energy, 1e-9));
    if (likeness > highest) {
      highest = likeness;
      best = place;
    }
    energy += line[place + length]! ** 2 - line[place]! ** 2;
  }
  return best;
}

/** Means of `stride` samples each, and how many there are. */
function thin(line: Float64Array, from: number, end: number, stride: number, output: Float64Array): number {
  let count = 0;
  for (let at = from; at + stride <= end; at += stride) {
    let sum = 0;
    for (let index = at; index < at + stride; index++) sum += line[index]!;
    output[count++] = sum;
  }
  return count;
}
