import { type ActorContext, AudioFrame, type Puller, samplesToMicros } from '@sluice/core';
import type { Decoder } from './repeated-decoder.ts';

/** Cuts the samples that ffmpeg decodes into frames; times count samples. */
export class SoundPuller implements Puller<AudioFrame> {
  readonly #decoder: Decoder;
  readonly #context: ActorContext;
  readonly #format: { readonly sampleRate: number; readonly channels: number };
  readonly #frameBytes: number;
  #rest: Buffer = Buffer.alloc(0);
  #sample = 0;

  constructor(
    decoder: Decoder,
    format: { readonly sampleRate: number; readonly channels: number },
    context: ActorContext,
  ) {
    this.#decoder = decoder;
    this.#format = format;
    this.#context = context;
    this.#frameBytes = Math.round(format.sampleRate / 50) * format.channels * 2;
  }

  async read(): Promise<AudioFrame | null> {
    while (this.#rest.length < this.#frameBytes) {
      const more = await this.#decoder.next();
      if (more === undefined) break;
      this.#rest = this.#rest.length === 0 ? more : Buffer.concat([this.#rest, more]);
    }
    const { sampleRate, channels } = this.#format;
    const length = Math.floor(Math.min(this.#rest.length, this.#frameBytes) / (2 * channels)) * channels;
    if (length === 0) return this.#ended();
    // A copy: pieces of a pipe need not lie on even addresses.
    const samples = new Int16Array(length);
    new Uint8Array(samples.buffer).set(this.#rest.subarray(0, 2 * length));
    this.#rest = this.#rest.subarray(2 * length);
    const timestamp = samplesToMicros(this.#sample, sampleRate);
    this.#sample += length / channels;
    return new AudioFrame({ samples, sampleRate, channels, timestamp });
  }

  close(): Promise<void> {
    return this.#decoder.close();
  }

  #ended(): null {
    this.#decoder.reportComplaint(this.#context);
    return null;
  }
}
