import { type AudioFormat, channelSpeakers, type Speaker } from '@sluice/core';
import { KWeightedEnergy } from './k-weighting.ts';
import { toLufs } from './loudness-histogram.ts';
import type { LoudnessTotals } from './loudness-totals.ts';
import { TruePeak } from './true-peak.ts';

/** Steps of 100 ms in the windows of momentary and short-term loudness. */
const MOMENTARY = 4;
const SHORT_TERM = 30;

/** Measures one format of sound by ITU-R BS.1770-5, in steps of 100 ms, into totals that may go on in other formats. */
export class LoudnessMeter {
  /** Of the last 400 ms, in LUFS; `-Infinity` before so much was heard. */
  momentary = Number.NEGATIVE_INFINITY;
  /** Of the last 3 s, in LUFS; `-Infinity` before so much was heard. */
  shortTerm = Number.NEGATIVE_INFINITY;
  readonly #sampleRate: number;
  readonly #channels: number;
  readonly #weights: readonly number[];
  readonly #totals: LoudnessTotals;
  readonly #energy: KWeightedEnergy;
  readonly #peak: TruePeak | undefined;
  /** Mean squares of the last steps, round and round. */
  readonly #steps = new Float64Array(SHORT_TERM);
  #heard = 0;
  /** Sample frames in the step so far, and in all steps. */
  #length = 0;
  #begun = 0;

  constructor(format: AudioFormat, totals: LoudnessTotals, truePeak = true) {
    this.#sampleRate = format.sampleRate;
    this.#channels = format.channels;
    this.#weights = channelWeights(format);
    this.#totals = totals;
    this.#energy = new KWeightedEnergy(format.sampleRate, format.channels);
    this.#peak = truePeak ? new TruePeak(format.sampleRate, format.channels) : undefined;
  }

  /** Whether a step has just ended: there are new figures. */
  get stepEnded(): boolean {
    return this.#length === 0 && this.#heard > 0;
  }

  /** Takes values from `from` on, at most to the end of the step, and returns where it stopped. */
  add(samples: Int16Array, from: number): number {
    const due = Math.round(((this.#heard + 1) * this.#sampleRate) / 10) - this.#begun;
    const end = Math.min(samples.length, from + (due - this.#length) * this.#channels);
    for (let channel = 0; channel < this.#channels; channel++)
      if (this.#weights[channel] !== 0) this.#energy.add(samples, from, end, channel);
    if (this.#peak !== undefined) {
      this.#peak.add(samples, from, end);
      this.#totals.meetPeak(this.#peak.peak);
    }
    this.#length += (end - from) / this.#channels;
    if (this.#length === due) this.#endStep();
    return end;
  }

  /** Looks for a peak behind the last sample. */
  flush(): void {
    if (this.#peak === undefined) return;
    this.#peak.flush();
    this.#totals.meetPeak(this.#peak.peak);
  }

  #endStep(): void {
    let sum = 0;
    for (let channel = 0; channel < this.#channels; channel++)
      sum += this.#weights[channel]! * this.#energy.take(channel);
    this.#steps[this.#heard % SHORT_TERM] = sum / this.#length;
    this.#heard++;
    this.#begun += this.#length;
    this.#length = 0;
    if (this.#heard >= MOMENTARY) {
      const energy = this.#mean(MOMENTARY);
      this.momentary = toLufs(energy);
      this.#totals.addMomentary(energy);
    }
    if (this.#heard >= SHORT_TERM) {
      const energy = this.#mean(SHORT_TERM);
      this.shortTerm = toLufs(energy);
      this.#totals.addShortTerm(energy);
    }
  }

  #mean(count: number): number {
    let sum = 0;
    for (let back = 1; back <= count; back++) sum += this.#steps[(this.#heard - back) % SHORT_TERM]!;
    return sum / count;
  }
}

/** What each channel counts (BS.1770-5, table 3): 1, behind the listener's ears 1.41, low frequencies nothing. */
export function channelWeights(format: AudioFormat): readonly number[] {
  const places = channelSpeakers(format);
  if (places === undefined || format.channels === 1) return new Array<number>(format.channels).fill(1);
  const sides: readonly Speaker[] = places.includes('SL') ? ['SL', 'SR'] : ['BL', 'BR'];
  return places.map((place) => (place === 'LFE' ? 0 : sides.includes(place) ? 1.41 : 1));
}
