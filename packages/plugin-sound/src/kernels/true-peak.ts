/** Samples on which each value between two samples rests. */
const TAPS = 24;
/** Of the Kaiser window over them. */
const BETA = 6;
/** Sample frames that are looked at together. */
const PIECE = 64;

interface Interpolator {
  /** For each place between two samples the weights of those around it. */
  readonly phases: readonly Float64Array[];
  /** No value between samples exceeds the largest of them by more than this factor. */
  readonly bound: number;
}

const interpolators = new Map<number, Interpolator>();

/**
 * The largest magnitude of the wave that runs through the samples (ITU-R BS.1770, annex 2): values between them at four times
 * the rate, twice from 96 kHz on, by a windowed sinc. Where no value can exceed what was found so far none is computed.
 */
export class TruePeak {
  /** So far, full scale being 1. */
  peak = 0;
  readonly #channels: number;
  readonly #interpolator: Interpolator;
  readonly #lines: readonly Float64Array[];

  constructor(sampleRate: number, channels: number) {
    this.#channels = channels;
    this.#interpolator = interpolatorOf(sampleRate < 96_000 ? 4 : sampleRate < 192_000 ? 2 : 1);
    this.#lines = Array.from({ length: channels }, () => new Float64Array(TAPS - 1 + PIECE));
  }

  /** Indexes count values, in whole sample frames. */
  add(samples: Int16Array, from: number, end: number): void {
    const step = PIECE * this.#channels;
    for (let at = from; at < end; at += step) {
      const stop = Math.min(end, at + step);
      for (let channel = 0; channel < this.#channels; channel++) this.#addPiece(samples, at + channel, stop, channel);
    }
  }

  /** What lies between the last samples: silence follows. */
  flush(): void {
    this.add(new Int16Array(TAPS * this.#channels), 0, TAPS * this.#channels);
  }

  #addPiece(samples: Int16Array, from: number, end: number, channel: number): void {
    const line = this.#lines[channel]!;
    let length = TAPS - 1;
    for (let index = from; index < end; index += this.#channels) line[length++] = samples[index]! / 32_768;
    let largest = 0;
    for (let index = 0; index < length; index++) {
      const magnitude = Math.abs(line[index]!);
      if (magnitude > largest) largest = magnitude;
    }
    if (largest > this.peak) this.peak = largest;
    if (largest * this.#interpolator.bound > this.peak) this.#interpolate(line, length);
    line.copyWithin(0, length - (TAPS - 1), length);
  }

  #interpolate(line: Float64Array, length: number): void {
    let peak = this.peak;
    for (const weights of this.#interpolator.phases)
      for (let index = 0; index <= length - TAPS; index++) {
        let sum = 0;
        for (let tap = 0; tap < TAPS; tap++) sum += weights[tap]! * line[index + tap]!;
        if (sum > peak) peak = sum;
        else if (-sum > peak) peak = -sum;
      }
    this.peak = peak;
  }
}

function interpolatorOf(factor: number): Interpolator {
  let found = interpolators.get(factor);
  if (found !== undefined) return found;
  const phases = Array.from({ length: factor - 1 }, (_, index) => weightsAt((index + 1) / factor));
  const sizes = phases.map((weights) => weights.reduce((sum, weight) => sum + Math.abs(weight), 0));
  found = { phases, bound: Math.max(1, ...sizes) };
  interpolators.set(factor, found);
  return found;
}

/** Weights for the place that is so much of a sample behind the one at `TAPS / 2 - 1`. They add up to 1. */
function weightsAt(place: number): Float64Array {
  const weights = Float64Array.from({ length: TAPS }, (_, tap) => {
    const distance = tap - (TAPS / 2 - 1) - place;
    const edge = distance / (TAPS / 2);
    return (Math.sin(Math.PI * distance) / (Math.PI * distance)) * bessel(BETA * Math.sqrt(1 - edge * edge));
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** The modified Bessel function of the first kind, of order 0. */
function bessel(x: number): number {
  let sum = 1;
  for (let k = 1, term = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
