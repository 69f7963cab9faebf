import { type AudioFrame, invalidArgument, type Micros, microsToSamples, samplesToMicros } from '@sluice/core';

/** How much sound was written. */
export interface SoundCounts {
  /** Samples per channel that went to the encoder. */
  readonly samples: number;
  /** Their length in microseconds. */
  readonly duration: Micros;
  /** Of that, silence that stands for what was missing, in microseconds. */
  readonly silence: Micros;
}

/** Sound for a pipe, without holes: silence stands for what is missing. */
export class SoundBytes {
  readonly #sampleRate: number;
  readonly #channels: number;
  readonly #put: (bytes: Uint8Array, firstSample: number) => void | Promise<void>;
  #samples = 0;
  /** Of all gaps, in microseconds, and the samples that stood for them: their rounding does not add up. */
  #missing = 0;
  #silence = 0;

  /** @param put takes the bytes over; `firstSample` is where they stand */
  constructor(
    { sampleRate, channels }: { readonly sampleRate: number; readonly channels: number },
    put: (bytes: Uint8Array, firstSample: number) => void | Promise<void>,
  ) {
    this.#sampleRate = sampleRate;
    this.#channels = channels;
    this.#put = put;
  }

  get counts(): SoundCounts {
    return {
      samples: this.#samples,
      duration: samplesToMicros(this.#samples, this.#sampleRate),
      silence: samplesToMicros(this.#silence, this.#sampleRate),
    };
  }

  /** Takes the frame over. */
  write(frame: AudioFrame): void | Promise<void> {
    const { samples, gap, sampleRate, channels } = frame;
    // A copy: the pipe may keep it for longer than the frame lives.
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength).slice();
    frame.close();
    if (sampleRate !== this.#sampleRate || channels !== this.#channels)
      throw invalidArgument(
        'frame',
        `${this.#sampleRate} Hz, ${this.#channels} channels`,
        `${sampleRate} Hz, ${channels}`,
      );
    if (gap !== undefined) return this.#writeAfter(gap.duration, bytes);
    return this.#add(bytes);
  }

  #add(bytes: Uint8Array): void | Promise<void> {
    const first = this.#samples;
    this.#samples += bytes.length / (2 * this.#channels);
    return this.#put(bytes, first);
  }

  /** Silence a second at a time: a gap may be an hour. */
  async #writeAfter(missing: Micros, bytes: Uint8Array): Promise<void> {
    this.#missing += missing;
    const until = Math.max(microsToSamples(this.#missing as Micros, this.#sampleRate), this.#silence);
    while (this.#silence < until) {
      const length = Math.min(until - this.#silence, this.#sampleRate);
      this.#silence += length;
      await this.#add(new Uint8Array(2 * length * this.#channels));
    }
    await this.#add(bytes);
  }
}
