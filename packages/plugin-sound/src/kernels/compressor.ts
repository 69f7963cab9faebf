import { toInt16 } from '@sluice/core/kernels';
import type { SoundProcessor } from './sound-processor.ts';

/** What a {@link Compressor} runs by: levels in dB of full scale, times in milliseconds. */
export interface CompressorSettings {
  readonly thresholdDb: number;
  readonly ratio: number;
  readonly kneeDb: number;
  readonly attackMs: number;
  readonly releaseMs: number;
  readonly makeupDb: number;
  readonly lookaheadMs: number;
}

/** Reductions below this are none, in dB. */
const NOTHING_DB = 1e-4;
/** In which what is added moves to another gain. */
const MAKEUP_MS = 20;
const DB = Math.LN10 / 20;

/**
 * Feed-forward, in decibels (Giannoulis, Massberg, Reiss: Digital Dynamic Range Compressor Design, JAES 60, 2012): the level
 * is the largest channel's magnitude, the gain computer has a quadratic knee, and the reduction is smoothed by a decoupled
 * peak detector, release before attack. All channels get one gain.
 */
export class Compressor implements SoundProcessor {
  readonly lookahead: number;
  /** By how much it lowers now, in dB. */
  reductionDb = 0;
  readonly #channels: number;
  readonly #sampleRate: number;
  #settings: CompressorSettings;
  #attack = 0;
  #release = 0;
  /** What is added afterwards, as a factor, and the samples that it still has to move. */
  #makeup: number;
  #makeupStep = 0;
  #makeupLeft = 0;
  /** Magnitudes below do not reach the knee, in sample units. */
  #quiet = 0;
  /** What each magnitude is to be lowered by, in dB, once it was met: a logarithm costs more than all else. */
  readonly #reductions = new Float32Array(32_769).fill(Number.NaN);
  readonly #ring: Int16Array;
  #at = 0;
  #held = 0;
  #released = 0;

  constructor(sampleRate: number, channels: number, settings: CompressorSettings) {
    this.#sampleRate = sampleRate;
    this.#channels = channels;
    this.#settings = settings;
    this.lookahead = Math.round((settings.lookaheadMs * sampleRate) / 1_000);
    this.#ring = new Int16Array(this.lookahead * channels);
    this.#makeup = 10 ** (settings.makeupDb / 20);
    this.#follow(settings);
  }

  /** Goes on by other settings; of `lookaheadMs` it keeps its own. What is added moves there on a straight line. */
  set(settings: CompressorSettings): void {
    this.#settings = settings;
    this.#reductions.fill(Number.NaN);
    this.#follow(settings);
    this.#makeupLeft = Math.max(1, Math.round((MAKEUP_MS * this.#sampleRate) / 1_000));
    this.#makeupStep = (10 ** (settings.makeupDb / 20) - this.#makeup) / this.#makeupLeft;
  }

  #follow({ thresholdDb, kneeDb, attackMs, releaseMs }: CompressorSettings): void {
    this.#attack = attackMs === 0 ? 0 : Math.exp(-1_000 / (attackMs * this.#sampleRate));
    this.#release = Math.exp(-1_000 / (releaseMs * this.#sampleRate));
    this.#quiet = 32_768 * 10 ** ((thresholdDb - kneeDb / 2) / 20);
  }

  get held(): number {
    return this.#held;
  }

  process(input: Int16Array, output: Int16Array): boolean {
    const channels = this.#channels;
    let changed = this.lookahead > 0;
    for (let at = 0, to = 0; at < input.length; at += channels) {
      let level = 0;
      for (let channel = 0; channel < channels; channel++) level = Math.max(level, Math.abs(input[at + channel]!));
      const gain = this.#gain(level);
      changed ||= gain !== 1;
      if (this.lookahead === 0)
        for (let channel = 0; channel < channels; channel++) output[to++] = toInt16(input[at + channel]! * gain);
      else to = this.#delay(input, at, output, to, gain);
    }
    return changed;
  }

  drain(output: Int16Array): void {
    const length = this.#ring.length;
    let from = (this.#at + length - this.#held * this.#channels) % (length || 1);
    for (let to = 0; this.#held > 0; this.#held--) {
      const gain = this.#gain(0);
      for (let channel = 0; channel < this.#channels; channel++) output[to++] = toInt16(this.#ring[from++]! * gain);
      if (from === length) from = 0;
    }
  }

  reset(): void {
    this.#held = 0;
    this.#released = 0;
    this.reductionDb = 0;
  }

  /** Puts a sample frame into the ring, after the one that was there has left. */
  #delay(input: Int16Array, at: number, output: Int16Array, to: number, gain: number): number {
    const ring = this.#ring;
    const full = this.#held === this.lookahead;
    if (!full) this.#held++;
    for (let channel = 0; channel < this.#channels; channel++, this.#at++) {
      if (full) output[to++] = toInt16(ring[this.#at]! * gain);
      ring[this.#at] = input[at + channel]!;
    }
    if (this.#at === ring.length) this.#at = 0;
    return to;
  }

  /** The factor after a sample frame of this magnitude. */
  #gain(level: number): number {
    if (this.#makeupLeft > 0) this.#moveMakeup();
    const wanted = level > this.#quiet ? this.#wanted(level) : 0;
    if (wanted === 0 && this.reductionDb === 0 && this.#released === 0) return this.#makeup;
    this.#released = Math.max(wanted, wanted + this.#release * (this.#released - wanted));
    this.reductionDb = this.#released + this.#attack * (this.reductionDb - this.#released);
    if (wanted === 0 && this.reductionDb < NOTHING_DB && this.#released < NOTHING_DB) {
      this.#released = 0;
      this.reductionDb = 0;
    }
    return this.#makeup * Math.exp(-DB * this.reductionDb);
  }

  #moveMakeup(): void {
    if (--this.#makeupLeft === 0) this.#makeup = 10 ** (this.#settings.makeupDb / 20);
    else this.#makeup += this.#makeupStep;
  }

  /** By how much this level is to be lowered at last, in dB. */
  #wanted(level: number): number {
    const known = this.#reductions[level]!;
    if (!Number.isNaN(known)) return known;
    this.#reductions[level] = this.#computed(level);
    return this.#reductions[level]!;
  }

  #computed(level: number): number {
    const { thresholdDb, ratio, kneeDb } = this.#settings;
    const over = Math.log(level / 32_768) / DB - thresholdDb;
    const slope = 1 - 1 / ratio;
    return 2 * over < kneeDb ? (slope * (over + kneeDb / 2) ** 2) / (2 * kneeDb) : slope * over;
  }
}
