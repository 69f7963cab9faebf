import { type AudioFormat, AudioFrame, type Gap, samplesToMicros } from '@sluice/core';

/** Times of a stream are whole milliseconds, and encoders round theirs: what differs by no more follows as it is. */
const TOLERANCE_MS = 40;

/**
 * Cuts samples that come in pieces of any length into frames of 20 ms. Time that the stream leaves out is told as a gap; of samples that are more
 * than their time, as those of a sound card that is fast, what is too much is dropped.
 */
export class LiveSound {
  readonly #format: AudioFormat;
  readonly #emit: (frame: AudioFrame) => void;
  #samples: Int16Array;
  /** Samples, all channels. */
  #filled = 0;
  /** Sample of the stream, per channel, at which the next frame begins; undefined before the first. */
  #position: number | undefined;
  #gap: Gap | undefined;

  constructor(format: AudioFormat, emit: (frame: AudioFrame) => void) {
    this.#format = format;
    this.#emit = emit;
    this.#samples = this.#fresh();
  }

  push(timeMs: number, bytes: Uint8Array): void {
    const skipped = this.#place(Math.round((timeMs * this.#format.sampleRate) / 1_000));
    const { buffer, byteOffset } = evenly(bytes);
    const samples = new Int16Array(buffer, byteOffset, bytes.length >> 1);
    for (let at = skipped * this.#format.channels; at < samples.length; ) {
      const part = samples.subarray(at, at + this.#samples.length - this.#filled);
      this.#samples.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#samples.length) this.flush();
    }
  }

  /** Gives out what is there, though it is less than a frame. */
  flush(): void {
    if (this.#filled === 0) return;
    const { sampleRate, channels } = this.#format;
    const samples = this.#samples.subarray(0, this.#filled);
    const timestamp = samplesToMicros(this.#position!, sampleRate);
    const gap = this.#gap === undefined ? {} : { gap: this.#gap };
    this.#position! += this.#filled / channels;
    this.#samples = this.#fresh();
    this.#filled = 0;
    this.#gap = undefined;
    this.#emit(new AudioFrame({ samples, sampleRate, channels, timestamp, ...gap }));
  }

  /**
   * Places the next piece where the stream says that it begins.
   *
   * @returns samples per channel of it that are left out
   */
  #place(sample: number): number {
    const { sampleRate, channels } = this.#format;
    this.#position ??= sample;
    const missing = sample - this.#position - this.#filled / channels;
    if (Math.abs(missing) <= (TOLERANCE_MS * sampleRate) / 1_000) return 0;
    if (missing < 0) return -missing;
    this.flush();
    this.#gap = { duration: samplesToMicros(missing, sampleRate), reason: 'disconnected' };
    this.#position = sample;
    return 0;
  }

  #fresh(): Int16Array {
    return new Int16Array(Math.round(this.#format.sampleRate / 50) * this.#format.channels);
  }
}

/** The same bytes at an even address. */
function evenly(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
}
