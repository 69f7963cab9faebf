import { decibelsToGain, toSample } from '../clamp.ts';
import { dtmfColumns, dtmfKeys, dtmfRows } from './dtmf-tones.ts';

export interface DtmfSequenceSettings {
  readonly sampleRate: number;
  readonly channels: number;
  readonly toneMs: number;
  /** After each digit. */
  readonly pauseMs: number;
  /** What a `,` stands for. */
  readonly commaMs: number;
  /** Peak of both tones together, in dBFS. */
  readonly levelDb: number;
  /** The column's tone over the row's, in dB. */
  readonly twistDb: number;
}

/** Tones come and go in this time, in seconds: they do not click, and are as long as they have to be. */
const FADE = 0.001;

/** The tones of a number. What a sample is depends on its index alone. */
export class DtmfSequence {
  /** Samples per channel. */
  readonly length: number;
  readonly #settings: DtmfSequenceSettings;
  /** The digits, and the first sample of each. */
  readonly #keys: readonly number[];
  readonly #starts: readonly number[];
  readonly #toneLength: number;
  readonly #low: number;
  readonly #high: number;

  /** @param digits keys and commas */
  constructor(digits: string, settings: DtmfSequenceSettings) {
    const { sampleRate, toneMs, pauseMs, commaMs, levelDb, twistDb } = settings;
    const samples = (ms: number) => Math.round((ms * sampleRate) / 1_000);
    const keys: number[] = [];
    const starts: number[] = [];
    let position = 0;
    for (const digit of digits) {
      if (digit !== ',') {
        keys.push(dtmfKeys.indexOf(digit));
        starts.push(position);
      }
      position += digit === ',' ? samples(commaMs) : samples(toneMs) + samples(pauseMs);
    }
    const peak = 32_767 * decibelsToGain(levelDb);
    const ratio = decibelsToGain(twistDb);
    this.length = position;
    this.#settings = settings;
    this.#keys = keys;
    this.#starts = starts;
    this.#toneLength = samples(toneMs);
    this.#low = peak / (1 + ratio);
    this.#high = peak - this.#low;
  }

  /** Writes the samples from index `first` on into interleaved `out`, which is zero. */
  fill(out: Int16Array, first: number): void {
    const end = first + out.length / this.#settings.channels;
    for (let index = 0; index < this.#starts.length; index++) {
      const start = this.#starts[index]!;
      if (start >= end) return;
      if (start + this.#toneLength > first) this.#fillTone(this.#keys[index]!, out, start - first);
    }
  }

  /** @param offset where the tone begins, in sample frames of `out`; negative if it has begun */
  #fillTone(key: number, out: Int16Array, offset: number): void {
    const { sampleRate, channels } = this.#settings;
    const low = (2 * Math.PI * dtmfRows[key >> 2]!) / sampleRate;
    const high = (2 * Math.PI * dtmfColumns[key & 3]!) / sampleRate;
    const fade = FADE * sampleRate;
    const end = Math.min(offset + this.#toneLength, out.length / channels);
    for (let frame = Math.max(offset, 0); frame < end; frame++) {
      const n = frame - offset;
      const envelope = Math.min((n + 1) / fade, (this.#toneLength - n) / fade, 1);
      const value = this.#low * Math.sin(low * n) + this.#high * Math.sin(high * n);
      out.fill(toSample(envelope * value), frame * channels, (frame + 1) * channels);
    }
  }
}
