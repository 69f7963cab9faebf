import {
  type ActorContext,
  type AudioFormat,
  type AudioFrame,
  type Micros,
  type SinkWriter,
  samplesToMicros,
} from '@sluice/core';
import type { ByteTarget } from './byte-target.ts';
import type { ContainerFormat } from './container-format.ts';
import { ContainerWriter } from './container-writer.ts';
import { KeptFormat } from './kept-format.ts';
import type { SampleEncoder } from './sample-encoder.ts';
import { type OnProgress, ProgressTeller } from './writing-progress.ts';

/** A packet, which is a block of Matroska, has so much sound, in seconds. */
const PACKET_S = 0.1;
/** How long a target that takes nothing may hold an abort up, in milliseconds. */
const LAST_WORK_MS = 1_000;

/** What `toContainer` has written. */
export interface ContainerFileResult {
  /** Where the file is; undefined for a stream. */
  readonly path: string | undefined;
  /** Samples per channel in the file. */
  readonly samples: number;
  /** Length of the sound in microseconds. */
  readonly duration: Micros;
  /** Of that, silence that stands for what was missing, in microseconds. */
  readonly silence: Micros;
  /** Bytes of the file. */
  readonly bytes: number;
}

/** What is written, and how. */
export interface WritingOptions {
  readonly format: ContainerFormat;
  readonly encoder: SampleEncoder;
  readonly kept: { readonly sampleRate?: number; readonly channels?: number };
  readonly onProgress: OnProgress | undefined;
}

/** Gathers frames to packets, with silence for what is missing. */
export class ContainerSink implements SinkWriter<AudioFrame, ContainerFileResult> {
  readonly #target: ByteTarget;
  readonly #options: WritingOptions;
  readonly #progress: ProgressTeller;
  #sound: KeptFormat | undefined;
  #writer: ContainerWriter | undefined;
  /** Of one packet. */
  #packet = new Int16Array(0);
  #filled = 0;

  constructor(target: ByteTarget, options: WritingOptions, context: ActorContext) {
    this.#target = target;
    this.#options = options;
    this.#progress = new ProgressTeller(options.onProgress, context);
  }

  /** Most frames go into the packet at hand and need no promise. */
  write(frame: AudioFrame): void | Promise<void> {
    try {
      this.#sound ??= this.#begin(frame);
      const { before, missing, samples } = this.#sound.take(frame);
      if (before.length === 0 && missing === 0 && this.#filled + samples.length < this.#packet.length) {
        this.#packet.set(samples, this.#filled);
        this.#filled += samples.length;
        return;
      }
      // A copy: the frame is closed before all of it is written.
      return this.#add(before, missing, samples.slice());
    } finally {
      frame.close();
    }
  }

  async end(): Promise<ContainerFileResult> {
    try {
      if (this.#sound === undefined) await this.#target.begin();
      else await this.#put(this.#sound.flush());
      await this.#flush();
      if (this.#writer === undefined) await this.#target.end();
      else await this.#writer.end();
    } catch (error) {
      await this.#target.abort(false).catch(() => {});
      throw error;
    }
    const { samples = 0, bytes = 0 } = this.#writer ?? {};
    const rate = this.#sound?.format.sampleRate ?? 48_000;
    this.#progress.tell((samples / rate) * 1_000, bytes, true);
    return {
      path: this.#target.path,
      samples,
      duration: samplesToMicros(samples, rate),
      silence: samplesToMicros(this.#sound?.silence ?? 0, rate),
      bytes,
    };
  }

  async abort(reason: Error): Promise<void> {
    let whole = true;
    const impatient = setTimeout(() => {
      whole = false;
      this.#target.abort(false).catch(() => {});
    }, LAST_WORK_MS);
    try {
      await this.#flush();
      await this.#writer?.end();
    } catch (error) {
      whole = false;
      await this.#writer?.abort();
      // A fault of the file that ended the sink is not told twice.
      if (error !== reason) throw error;
    } finally {
      clearTimeout(impatient);
      if (!whole || this.#writer === undefined) await this.#target.abort(whole);
    }
  }

  #begin(frame: AudioFrame): KeptFormat {
    const { format, encoder, kept } = this.#options;
    const { sampleRate, channels, channelMask } = frame;
    const sameChannels = kept.channels === undefined || kept.channels === channels;
    const sound: AudioFormat = { sampleRate, channels, ...(sameChannels && { channelMask }), ...kept };
    this.#packet = new Int16Array(Math.ceil(sound.sampleRate * PACKET_S) * sound.channels);
    this.#writer = new ContainerWriter(this.#target, format, sound, encoder);
    return new KeptFormat(sound);
  }

  async #add(before: Int16Array, missing: number, samples: Int16Array): Promise<void> {
    await this.#put(before);
    const { channels } = this.#sound!.format;
    // A packet at a time: a gap may be an hour.
    for (let left = missing * channels; left > 0; ) {
      const silence = Math.min(left, this.#packet.length);
      await this.#put(new Int16Array(silence));
      left -= silence;
    }
    await this.#put(samples);
  }

  async #put(samples: Int16Array): Promise<void> {
    for (let at = 0; at < samples.length; ) {
      const taken = samples.subarray(at, at + this.#packet.length - this.#filled);
      this.#packet.set(taken, this.#filled);
      this.#filled += taken.length;
      at += taken.length;
      if (this.#filled === this.#packet.length) await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    if (this.#filled === 0) return;
    const samples = this.#packet.subarray(0, this.#filled);
    this.#filled = 0;
    const writer = this.#writer!;
    await writer.write(samples);
    this.#progress.tell((writer.samples / this.#sound!.format.sampleRate) * 1_000, writer.bytes, false);
  }
}
