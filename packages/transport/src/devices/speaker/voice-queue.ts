import type { GlitchCounts } from '@sluice/core';
import { MissingMedia } from '../../host/missing-media.ts';

/** Media that is kept while nobody reads, in milliseconds; the oldest goes first. */
const LONGEST_BACKLOG_MS = 1_000;
/** Media that must be there before a voice starts, or starts again, in milliseconds. */
const START_MS = 20;
/** How long the least fill is watched before a queue that is too full all the time is shortened, in milliseconds. */
const WATCH_MS = 2_000;
/** A voice that comes back later had ended, in milliseconds. */
const LONGEST_GAP_MS = 1_000;
/** Samples up to this magnitude can be left out unheard. */
const INAUDIBLE = 100;

/** One remote voice on its way into a speaker: samples in the speaker's format, taken in slices. */
export class VoiceQueue {
  readonly #limit: number;
  readonly #start: number;
  readonly #longestGap: number;
  readonly #perMs: number;
  readonly #missing = new MissingMedia();
  /** Samples that were given out, and the newest chunk of them. */
  #read = 0;
  #last: Int16Array | undefined;
  #chunks: Int16Array[] = [];
  #offset = 0;
  #queued = 0;
  #playing = false;
  #dropped = 0;
  #watched = 0;
  #leastFill = Number.POSITIVE_INFINITY;
  #excess = 0;
  readonly #watch: number;

  constructor(sampleRate: number, channels: number) {
    this.#limit = (LONGEST_BACKLOG_MS * sampleRate * channels) / 1000;
    this.#start = (START_MS * sampleRate * channels) / 1000;
    this.#watch = (WATCH_MS * sampleRate * channels) / 1000;
    this.#longestGap = (LONGEST_GAP_MS * sampleRate * channels) / 1000;
    this.#perMs = (sampleRate * channels) / 1000;
  }

  /** Samples, all channels, that were dropped because nobody read them. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Gaps: it ran dry while it could be heard, and more came within a second. */
  get glitches(): GlitchCounts {
    const { count, total } = this.#missing;
    const gapMs = total / this.#perMs;
    return { gaps: count, gapMs, concealedMs: 0, playedMs: this.#read / this.#perMs + gapMs };
  }

  push(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#chunks.push(samples);
    this.#queued += samples.length;
    if (this.#queued > this.#limit) this.#shorten(this.#limit);
  }

  /** Whether a voice that is playing lacks some of the next `length` samples. */
  runsDry(length: number): boolean {
    return this.#playing && this.#queued < length;
  }

  /** Nobody has read for a while: keeps only what a start needs, so that what is read now is recent. */
  skipBacklog(): void {
    this.#shorten(this.#start);
    this.#forgetFill();
  }

  /** Adds the next samples to `mix`. A voice that has run dry adds what is left and waits for a new start. */
  addTo(mix: Int32Array): void {
    if (!this.#playing && this.#queued < this.#start) return this.#wait(mix.length);
    this.#missing.cameBack();
    this.#missing.settle();
    this.#playing = this.#queued >= mix.length;
    let filled = 0;
    while (filled < mix.length && this.#chunks.length > 0) {
      const chunk = this.#chunks[0]!;
      this.#last = chunk;
      const part = Math.min(chunk.length - this.#offset, mix.length - filled);
      for (let index = 0; index < part; index++) mix[filled + index]! += chunk[this.#offset + index]!;
      filled += part;
      this.#offset += part;
      if (this.#offset < chunk.length) continue;
      this.#chunks.shift();
      this.#offset = 0;
    }
    this.#queued -= filled;
    this.#read += filled;
    this.#watchFill(filled);
    if (!this.#playing && this.#last !== undefined && !isInaudible(this.#last))
      this.#missing.ranDry(mix.length - filled);
  }

  #wait(samples: number): void {
    this.#missing.passed(samples);
    if (this.#missing.open > this.#longestGap) this.#missing.over();
  }

  /**
   * A queue that was never near to running dry within 2 s, after a burst for example, only delays: the excess is left
   * out at the next silence.
   */
  #watchFill(read: number): void {
    this.#leastFill = Math.min(this.#leastFill, this.#queued);
    this.#watched += read;
    if (this.#watched >= this.#watch) {
      this.#excess = Math.max(0, this.#leastFill - this.#start);
      this.#forgetFill();
    }
    const next = this.#chunks[0];
    if (next === undefined || this.#offset > 0 || next.length > this.#excess || !isInaudible(next)) return;
    this.#excess -= next.length;
    this.#shorten(this.#queued - next.length);
  }

  #forgetFill(): void {
    this.#watched = 0;
    this.#leastFill = Number.POSITIVE_INFINITY;
  }

  /** Drops the oldest chunks until at most `length` samples are left. */
  #shorten(length: number): void {
    while (this.#queued > length) {
      const lost = this.#chunks.shift()!.length - this.#offset;
      this.#queued -= lost;
      this.#dropped += lost;
      this.#offset = 0;
    }
  }
}

function isInaudible(samples: Int16Array): boolean {
  return samples.every((sample) => sample <= INAUDIBLE && sample >= -INAUDIBLE);
}
