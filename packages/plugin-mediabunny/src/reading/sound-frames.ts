import { type AudioFormat, AudioFrame, type Gap, type Micros, type Puller, samplesToMicros } from '@sluice/core';
import { AudioConverter } from '@sluice/core/kernels';
import type { SoundStretch } from './sound-part.ts';

/** What gives the samples of a file, part after part. */
export interface SoundStretches {
  readonly format: AudioFormat;
  next(): Promise<SoundStretch | undefined>;
  close(): void | Promise<void>;
}

const nothing = new Int16Array(0);

/** Cuts samples into frames, in another format where one is asked for. Boundaries and times come from the sample index. */
export class SoundFrames implements Puller<AudioFrame> {
  readonly #sound: SoundStretches;
  readonly #format: AudioFormat;
  readonly #converter: AudioConverter;
  readonly #perFrame: number;
  #piece: Int16Array = nothing;
  #at = 0;
  /** The next stretch, behind a gap before which all else has to leave. */
  #waiting: Int16Array | undefined;
  #gap: Gap | undefined;
  #frames = 0;
  #sample = 0;
  #missing = 0;
  #missingMicros = 0;
  #ended = false;

  constructor(sound: SoundStretches, format: AudioFormat, frameMs: number) {
    this.#sound = sound;
    this.#format = format;
    this.#converter = new AudioConverter(sound.format, format);
    this.#perFrame = (format.sampleRate * frameMs) / 1_000;
  }

  /** Most frames lie inside the piece at hand and need no promise. */
  read(): AudioFrame | Promise<AudioFrame | null> {
    const end = this.#at + this.#nextLength * this.#format.channels;
    if (end > this.#piece.length) return this.#readAcross();
    // A frame owns its samples.
    const samples = this.#piece.slice(this.#at, end);
    this.#at = end;
    return this.#frame(samples);
  }

  close(): void | Promise<void> {
    this.#converter.close();
    return this.#sound.close();
  }

  get #nextLength(): number {
    return Math.round((this.#frames + 1) * this.#perFrame) - this.#sample;
  }

  async #readAcross(): Promise<AudioFrame | null> {
    let samples = new Int16Array(this.#nextLength * this.#format.channels);
    let filled = 0;
    while (filled < samples.length) {
      if (this.#at === this.#piece.length && !(await this.#refill(filled > 0))) break;
      // Behind a gap another grid of frames begins.
      if (filled === 0) samples = new Int16Array(this.#nextLength * this.#format.channels);
      const taken = this.#piece.subarray(this.#at, this.#at + samples.length - filled);
      samples.set(taken, filled);
      filled += taken.length;
      this.#at += taken.length;
    }
    if (filled === 0) return null;
    return this.#frame(filled === samples.length ? samples : samples.slice(0, filled));
  }

  /** Gets more samples; false where there are none, or none before a gap that has to come between frames. */
  async #refill(begun: boolean): Promise<boolean> {
    while (this.#at === this.#piece.length) {
      if (this.#waiting !== undefined) {
        if (begun) return false;
        this.#put(this.#converter.process(this.#waiting));
        this.#waiting = undefined;
        continue;
      }
      if (this.#ended) return false;
      const stretch = await this.#sound.next();
      if (stretch === undefined) {
        this.#ended = true;
        this.#put(this.#converter.flush());
      } else if (stretch.missing === 0) this.#put(this.#converter.process(stretch.samples));
      else this.#breakBefore(stretch);
    }
    return true;
  }

  #put(samples: Int16Array): void {
    this.#piece = samples;
    this.#at = 0;
  }

  #breakBefore({ samples, missing }: SoundStretch): void {
    this.#put(this.#converter.drain());
    this.#converter.beginStretch();
    // Nothing is read before it has left.
    this.#waiting = samples;
    this.#missing += missing;
    const micros = samplesToMicros(this.#missing, this.#sound.format.sampleRate);
    this.#gap = { duration: (micros - this.#missingMicros) as Micros, reason: 'source' };
  }

  #frame(samples: Int16Array): AudioFrame {
    const { sampleRate, channels, channelMask } = this.#format;
    // What is waiting behind the gap has not begun.
    const gap = this.#waiting === undefined ? this.#gap : undefined;
    if (gap !== undefined) {
      this.#gap = undefined;
      this.#missingMicros += gap.duration;
    }
    const timestamp = (samplesToMicros(this.#sample, sampleRate) + this.#missingMicros) as Micros;
    this.#frames++;
    this.#sample += samples.length / channels;
    return new AudioFrame({ samples, sampleRate, channels, channelMask, timestamp, ...(gap && { gap }) });
  }
}
