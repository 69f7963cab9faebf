import { toInt16 } from '@sluice/core/kernels';
import { type Biquad, settle } from './biquad.ts';
import { bandFilter, type EqualizerBand, flat } from './equalizer-band.ts';
import type { SoundProcessor } from './sound-processor.ts';

/** Sample frames that are worked on together. */
const PIECE = 1_024;

/** A filter that moves to other coefficients, with its state for each channel. */
interface Section {
  from: Biquad;
  to: Biquad;
  readonly state: Float64Array;
}

/**
 * Filters one after the other. New bands are moved to on a straight line of coefficients, sample by sample: filters of second
 * order that are stable form a convex set (a triangle in a1 and a2), so each one on the way is stable, and nothing jumps.
 */
export class Equalizer implements SoundProcessor {
  readonly lookahead = 0;
  readonly held = 0;
  readonly #sampleRate: number;
  readonly #channels: number;
  #sections: Section[];
  readonly #line = new Float64Array(PIECE);
  /** Sample frames of the way that are left, and all of it. */
  #left = 0;
  #way = 1;

  constructor(sampleRate: number, channels: number, bands: readonly EqualizerBand[]) {
    this.#sampleRate = sampleRate;
    this.#channels = channels;
    this.#sections = bands.map((band) => this.#section(bandFilter(band, sampleRate)));
  }

  /** Moves to other bands, the first to the first and so on, within so many milliseconds. */
  setBands(bands: readonly EqualizerBand[], rampMs: number): void {
    const share = this.#left / this.#way;
    for (const section of this.#sections) section.from = between(section, share);
    while (this.#sections.length < bands.length) this.#sections.push(this.#section(flat));
    for (const [index, section] of this.#sections.entries())
      section.to = bands[index] === undefined ? flat : bandFilter(bands[index], this.#sampleRate);
    this.#way = Math.max(1, Math.round((rampMs * this.#sampleRate) / 1_000));
    this.#left = this.#way;
  }

  process(input: Int16Array, output: Int16Array): boolean {
    if (this.#left === 0) this.#sections = this.#sections.filter(({ to }) => to !== flat);
    if (this.#sections.length === 0) return false;
    const step = PIECE * this.#channels;
    for (let at = 0; at < input.length; at += step)
      this.#processPiece(input, output, at, Math.min(input.length, at + step));
    return true;
  }

  drain(): void {}

  reset(): void {
    for (const { state } of this.#sections) state.fill(0);
  }

  #section(filter: Biquad): Section {
    return { from: filter, to: filter, state: new Float64Array(2 * this.#channels) };
  }

  #processPiece(input: Int16Array, output: Int16Array, from: number, end: number): void {
    const [line, channels] = [this.#line, this.#channels];
    const length = (end - from) / channels;
    const moving = Math.min(length, this.#left);
    for (let channel = 0; channel < channels; channel++) {
      for (let index = 0, at = from + channel; index < length; index++, at += channels) line[index] = input[at]!;
      for (const section of this.#sections) {
        if (moving > 0) this.#move(section, channel, moving);
        filter(section.to, line, moving, length, section.state, 2 * channel);
      }
      for (let index = 0, at = from + channel; index < length; index++, at += channels)
        output[at] = toInt16(line[index]!);
    }
    this.#left -= moving;
  }

  /** Filters the first samples of the line, the coefficients on their way. */
  #move({ from, to, state }: Section, channel: number, length: number): void {
    const line = this.#line;
    let s1 = state[2 * channel]!;
    let s2 = state[2 * channel + 1]!;
    for (let index = 0; index < length; index++) {
      const share = (this.#left - index) / this.#way;
      const x = line[index]!;
      const y = (to.b0 + share * (from.b0 - to.b0)) * x + s1;
      s1 = (to.b1 + share * (from.b1 - to.b1)) * x - (to.a1 + share * (from.a1 - to.a1)) * y + s2;
      s2 = (to.b2 + share * (from.b2 - to.b2)) * x - (to.a2 + share * (from.a2 - to.a2)) * y;
      line[index] = y;
    }
    state[2 * channel] = s1;
    state[2 * channel + 1] = s2;
  }
}

/** Where a section is that has so much of its way before it. */
function between({ from, to }: Section, share: number): Biquad {
  if (share === 0) return to;
  const mix = (key: keyof Biquad) => to[key] + share * (from[key] - to[key]);
  return { b0: mix('b0'), b1: mix('b1'), b2: mix('b2'), a1: mix('a1'), a2: mix('a2') };
}

function filter(by: Biquad, line: Float64Array, from: number, end: number, state: Float64Array, at: number): void {
  const { b0, b1, b2, a1, a2 } = by;
  let s1 = state[at]!;
  let s2 = state[at + 1]!;
  for (let index = from; index < end; index++) {
    const x = line[index]!;
    const y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    line[index] = y;
  }
  state[at] = settle(s1);
  state[at + 1] = settle(s2);
}
