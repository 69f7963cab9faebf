import type { AudioFormat } from '@sluice/core';
import { EncodedAudioPacketSource, EncodedPacket, Output, StreamTarget, type StreamTargetChunk } from 'mediabunny';
import { writingError } from '../errors.ts';
import type { ByteTarget } from './byte-target.ts';
import { type ContainerFormat, outputFormat } from './container-format.ts';
import { RiffHead } from './riff-head.ts';
import type { SampleEncoder } from './sample-encoder.ts';

/** One container that is written: packets of samples, one behind the other. */
export class ContainerWriter {
  readonly #target: ByteTarget;
  readonly #format: AudioFormat;
  readonly #encoder: SampleEncoder;
  readonly #output: Output;
  readonly #packets: EncodedAudioPacketSource;
  #riff: RiffHead | undefined;
  #samples = 0;
  #bytes = 0;
  #begun = false;

  constructor(target: ByteTarget, form: ContainerFormat, format: AudioFormat, encoder: SampleEncoder) {
    this.#target = target;
    this.#format = format;
    this.#encoder = encoder;
    this.#packets = new EncodedAudioPacketSource(encoder.codec);
    const writable = new WritableStream<StreamTargetChunk>({ write: (chunk) => this.#put(chunk) });
    this.#output = new Output({
      format: outputFormat(form, target.seekable, (head) => {
        this.#riff = new RiffHead(head, encoder.bytes * format.channels);
      }),
      target: new StreamTarget(writable),
    });
    this.#output.addAudioTrack(this.#packets);
  }

  /** Bytes that the container has. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Samples per channel in it. */
  get samples(): number {
    return this.#samples;
  }

  /** Takes the samples before it returns; a promise until more may come. Rejects with `SLUICE_CONTAINER_WRITE`. */
  write(samples: Int16Array): Promise<void> {
    const { sampleRate, channels: numberOfChannels } = this.#format;
    const length = samples.length / numberOfChannels;
    const timestamp = this.#samples / sampleRate;
    const packet = new EncodedPacket(this.#encoder.encode(samples), 'key', timestamp, length / sampleRate);
    this.#samples += length;
    const decoderConfig = { codec: this.#encoder.codec, sampleRate, numberOfChannels };
    return this.#guarded(async () => {
      if (!this.#begun) await this.#begin();
      await this.#packets.add(packet, { decoderConfig });
    });
  }

  /** The container is complete. */
  async end(): Promise<void> {
    await this.#guarded(async () => {
      if (!this.#begun) await this.#begin();
      await this.#output.finalize();
      await this.#endRiff();
      await this.#target.end();
    });
  }

  /** Leaves what was written. */
  async abort(): Promise<void> {
    if (this.#begun) await this.#output.cancel().catch(() => {});
    await this.#endRiff().catch(() => {});
  }

  async #begin(): Promise<void> {
    this.#begun = true;
    await this.#target.begin();
    await this.#output.start();
  }

  async #put({ data, position }: StreamTargetChunk): Promise<void> {
    const riff = this.#riff;
    if (riff === undefined) return await this.#append(data, position);
    // What the library writes into its head at the end is written here.
    if (position > 0 && position < riff.length) return;
    if (position === 0) data.set(riff.of(this.#target.seekable ? data.length - riff.length : undefined));
    await this.#append(data, position);
    if (position > 0 && this.#target.seekable) await this.#target.write(riff.of(this.#bytes - riff.length), 0);
  }

  async #append(data: Uint8Array, position: number): Promise<void> {
    await this.#target.write(data, position);
    this.#bytes = Math.max(this.#bytes, position + data.length);
  }

  async #endRiff(): Promise<void> {
    const riff = this.#riff;
    if (riff === undefined || !this.#target.seekable) return;
    const sound = this.#bytes - riff.length;
    // A chunk ends on an even place.
    if (sound % 2 === 1) await this.#append(new Uint8Array(1), this.#bytes);
    await this.#target.write(riff.of(sound), 0);
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw writingError(this.#target.name, error);
    }
  }
}
