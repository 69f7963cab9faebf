// Arithmetic on samples: filters, levels, gains, spectra. A kernel knows rates and numbers, no frame, clock or stream.

import { type Biquad, settle } from './biquad.ts';

/**
 * The two filters of K-weighting for any rate: a shelf that stands for the head, and a high pass. ITU-R BS.1770 gives their
 * coefficients at 48 kHz only; these are the analogue filters behind them, taken to the rate by the bilinear transform
 * (prewarped at the corner), so that at 48 kHz the printed ones come out. Below 4 kHz the shelf lies at the end of the band.
 */
export function kWeighting(sampleRate: number): readonly [shelf: Biquad, highPass: Biquad] {
  const shelfK = Math.tan(Math.PI * Math.min(1681.974450955533 / sampleRate, 0.49));
  const shelfQ = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const shelf0 = 1 + shelfK / shelfQ + shelfK * shelfK;
  const passK = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const passQ = 0.5003270373238773;
  const pass0 = 1 + passK / passQ + passK * passK;
  return [
    {
      b0: (high + (band * shelfK) / shelfQ + shelfK * shelfK) / shelf0,
      b1: (2 * (shelfK * shelfK - high)) / shelf0,
      b2: (high - (band * shelfK) / shelfQ + shelfK * shelfK) / shelf0,
      a1: (2 * (shelfK * shelfK - 1)) / shelf0,
      a2: (1 - shelfK / shelfQ + shelfK * shelfK) / shelf0,
    },
    {
      b0: 1,
      b1: -2,
      b2: 1,
      a1: (2 * (passK * passK - 1)) / pass0,
      a2: (1 - passK / passQ + passK * passK) / pass0,
    },
  ];
}

/**
 * K-weights interleaved samples, each channel with a state of its own, and sums the squares of what comes out: in one go
 * or in pieces, to the last bit.
 */
export class KWeightedEnergy {
  readonly #channels: number;
  readonly #shelf: Biquad;
  readonly #pass: Biquad;
  readonly #state: Float64Array;
  readonly #sums: Float64Array;

  constructor(sampleRate: number, channels: number) {
    [this.#shelf, this.#pass] = kWeighting(sampleRate);
    this.#channels = channels;
    this.#state = new Float64Array(4 * channels);
    this.#sums = new Float64Array(channels);
  }

  /** Adds what one channel holds. Indexes count values, in whole sample frames. */
  add(samples: Int16Array, from: number, end: number, channel: number): void {
    const { b0, b1, b2, a1, a2 } = this.#shelf;
    const { a1: p1, a2: p2 } = this.#pass;
    const [state, channels] = [this.#state, this.#channels];
    const at = 4 * channel;
    let s1 = state[at]!;
    let s2 = state[at + 1]!;
    let t1 = state[at + 2]!;
    let t2 = state[at + 3]!;
    let sum = this.#sums[channel]!;
    for (let index = from + channel; index < end; index += channels) {
      const x = samples[index]! / 32_768;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      const z = y + t1;
      t1 = -2 * y - p1 * z + t2;
      t2 = y - p2 * z;
      sum += z * z;
    }
    state[at] = settle(s1);
    state[at + 1] = settle(s2);
    state[at + 2] = settle(t1);
    state[at + 3] = settle(t2);
    this.#sums[channel] = sum;
  }

  /** The sum of squares of one channel, full scale being 1, which begins anew. */
  take(channel: number): number {
    const sum = this.#sums[channel]!;
    this.#sums[channel] = 0;
    return sum;
  }
}
