import type { AudioFrame, Puller } from '@sluice/core';
import { FrameTimeline } from '../frame-timeline.ts';
import type { WavHeader } from './wav-header.ts';

/** What reads the samples of a WAV file or stream. */
export interface WavSamples {
  readonly header: WavHeader;
  /** The next samples, interleaved; undefined at the end. The array is valid until the next call. */
  next(): Promise<Int16Array | undefined>;
  close(): void | Promise<void>;
}

/** Cuts what a reader gives into frames, each as soon as its samples are there. */
export class WavPuller implements Puller<AudioFrame> {
  readonly #reader: WavSamples;
  readonly #timeline: FrameTimeline;
  #piece: Int16Array = new Int16Array(0);
  #at = 0;

  constructor(reader: WavSamples, frameMs: number) {
    this.#reader = reader;
    this.#timeline = new FrameTimeline(reader.header.format, frameMs);
  }

  /** Most frames lie inside the piece at hand and need no promise. */
  read(): AudioFrame | Promise<AudioFrame | null> {
    const end = this.#at + this.#timeline.nextLength * this.#timeline.format.channels;
    if (end > this.#piece.length) return this.#readAcross();
    const samples = this.#piece.slice(this.#at, end);
    this.#at = end;
    return this.#timeline.frame(samples);
  }

  close(): void | Promise<void> {
    return this.#reader.close();
  }

  async #readAcross(): Promise<AudioFrame | null> {
    const samples = new Int16Array(this.#timeline.nextLength * this.#timeline.format.channels);
    let filled = 0;
    while (filled < samples.length) {
      if (this.#at === this.#piece.length) {
        const piece = await this.#reader.next();
        if (piece === undefined) break;
        this.#piece = piece;
        this.#at = 0;
      }
      const taken = this.#piece.subarray(this.#at, this.#at + samples.length - filled);
      samples.set(taken, filled);
      filled += taken.length;
      this.#at += taken.length;
    }
    if (filled === 0) return null;
    return this.#timeline.frame(filled === samples.length ? samples : samples.slice(0, filled));
  }
}
