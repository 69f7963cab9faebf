import { type AudioFrame, type Micros, micros } from '@sluice/core';

/** Timestamps this far from where the last frame ended are a hole. */
const TOLERANCE_US = 5_000;
/** Kept of the quiet before the first loud sample: words begin softly. */
const LEAD_MS = 300;

/** What was said between two ends, as it is sent. */
export interface HeardStretch {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  /** Media time at which it began, quiet that is left out included. */
  readonly start: Micros;
  /** Media time of the first sample. */
  readonly origin: Micros;
  /** Bounds of what is loud, in media time. Undefined where nothing is. */
  readonly loud: { readonly start: Micros; readonly end: Micros } | undefined;
}

/**
 * Sound without a hole, gathered until it is asked for. What is quiet before the first loud 10 ms is left out but for a
 * lead of 300 ms, so that nobody pays for silence. Pieces of any size give the same.
 */
export class Stretch {
  readonly sampleRate: number;
  readonly #start: Micros;
  readonly #threshold: number;
  readonly #window: number;
  #samples: Int16Array;
  #length = 0;
  /** Samples that were dropped before the first one that is kept. */
  #dropped = 0;
  #measured = 0;
  #loud: { from: number; to: number } | undefined;

  /** @param thresholdDb Mean level of 10 ms above which it is loud, in dBFS. */
  constructor(frame: AudioFrame, thresholdDb: number) {
    this.sampleRate = frame.sampleRate;
    this.#start = frame.timestamp;
    this.#threshold = (32_768 * 10 ** (thresholdDb / 20)) ** 2;
    this.#window = Math.round(frame.sampleRate / 100);
    this.#samples = new Int16Array(frame.sampleRate);
  }

  /** Samples so far, those that were left out included. */
  get length(): number {
    return this.#dropped + this.#length;
  }

  /** Milliseconds that would be sent. */
  get keptMs(): number {
    return (this.#length * 1_000) / this.sampleRate;
  }

  continuedBy(frame: AudioFrame): boolean {
    if (frame.gap !== undefined || frame.sampleRate !== this.sampleRate) return false;
    return Math.abs(frame.timestamp - this.#timeOf(this.length)) <= TOLERANCE_US;
  }

  add({ samples }: AudioFrame): void {
    const needed = this.#length + samples.length;
    if (needed > this.#samples.length) {
      const larger = new Int16Array(Math.max(needed, this.#samples.length * 2));
      larger.set(this.#samples.subarray(0, this.#length));
      this.#samples = larger;
    }
    this.#samples.set(samples, this.#length);
    this.#length = needed;
    for (; this.length - this.#measured >= this.#window; this.#measured += this.#window) this.#measure();
  }

  heard(): HeardStretch {
    const loud = this.#loud;
    return {
      samples: this.#samples.slice(0, this.#length),
      sampleRate: this.sampleRate,
      start: this.#start,
      origin: this.#timeOf(this.#dropped),
      loud: loud && { start: this.#timeOf(loud.from), end: this.#timeOf(loud.to) },
    };
  }

  /** Reads the window at `#measured`, and leaves out what is quiet and old. */
  #measure(): void {
    const from = this.#measured - this.#dropped;
    let energy = 0;
    for (let index = from; index < from + this.#window; index++) energy += this.#samples[index]! ** 2;
    if (energy / this.#window > this.#threshold) {
      this.#loud ??= { from: this.#measured, to: 0 };
      this.#loud.to = this.#measured + this.#window;
    }
    const lead = (LEAD_MS / 10) * this.#window;
    if (this.#loud !== undefined || from < 2 * lead) return;
    // In blocks, so that the rest is not moved for each window.
    this.#samples.copyWithin(0, lead, this.#length);
    this.#length -= lead;
    this.#dropped += lead;
  }

  #timeOf(sample: number): Micros {
    return micros(this.#start + Math.round((sample * 1_000_000) / this.sampleRate));
  }
}
