import type { SluiceError } from '@sluice/core';
import type { StreamByteReader } from '../byte-io/stream-byte-reader.ts';
import type { SampleDecoder } from './pcm-samples.ts';
import { TrailerGate } from './trailer-gate.ts';
import { wavDecoder } from './wav-decoder.ts';
import { type WavHeader, WavHeaderParser } from './wav-header.ts';
import { wavLength } from './wav-length.ts';
import type { WavSamples } from './wav-puller.ts';
import { emptyWav, factError, missingAudio, twoSizes } from './wav-reports.ts';

const READ_BYTES = 64 * 1_024;
/** What is read behind the audio so that its writer can end in peace, in bytes. */
const MOST_BEHIND = 1_024 * 1_024;

/** Whom a reader tells of what plays all the same: an actor's context. */
export interface WavListener {
  report(fault: SluiceError): void;
  /** Samples that are NaN or infinite, and became silence. */
  countInvalid(samples: number): void;
}

/**
 * Reads the samples of a WAV stream as they come, in bounded memory. Owns the stream until `close()`. A size in the
 * header is believed; where there is none the audio ends with the stream, before the chunks there.
 */
export class WavStreamReader implements WavSamples {
  readonly header: WavHeader;
  readonly #bytes: StreamByteReader;
  readonly #report: (report: SluiceError) => void;
  readonly #decode: SampleDecoder;
  readonly #decoded: Int16Array;
  readonly #gate = new TrailerGate();
  /** Bytes of audio that are still to come, and samples per channel that may still be given. */
  #left: number;
  #samplesLeft = Number.POSITIVE_INFINITY;
  #samples = 0;
  #reports = 0;
  #ended = false;
  #closed = false;

  private constructor(bytes: StreamByteReader, header: WavHeader, listener: WavListener) {
    this.#bytes = bytes;
    this.header = header;
    this.#report = (error) => {
      this.#reports++;
      listener.report(error);
    };
    const { blockBytes, blockSamples, channels } = header.format;
    this.#decode = wavDecoder(header.format, (samples) => listener.countInvalid(samples));
    this.#decoded = new Int16Array(Math.max(Math.floor(READ_BYTES / blockBytes), 1) * blockSamples * channels);
    // Zero is what a writer puts there first, and it cannot go back.
    this.#left = header.dataBytes || Number.POSITIVE_INFINITY;
    for (const doubt of twoSizes(header)) this.#report(doubt);
    if (this.#left === Number.POSITIVE_INFINITY) return;
    const { length, doubted } = wavLength(header, this.#left);
    this.#samplesLeft = length;
    if (doubted !== undefined) this.#report(factError(doubted, length));
  }

  /** Reads the header. */
  static async open(bytes: StreamByteReader, listener: WavListener): Promise<WavStreamReader> {
    const parser = new WavHeaderParser();
    const piece = new Uint8Array(READ_BYTES);
    for (let position = 0; ; ) {
      const read = await bytes.some(piece);
      if (read === 0) parser.end();
      const header = parser.push(piece.subarray(0, read));
      if (header !== undefined) {
        const reader = new WavStreamReader(bytes, header, listener);
        reader.#fill(piece.subarray(header.dataOffset - position, read));
        return reader;
      }
      position += read;
    }
  }

  async next(): Promise<Int16Array | undefined> {
    while (!this.#closed) {
      const samples = this.#take();
      if (samples.length > 0) return samples;
      if (this.#ended) {
        await this.#readBehind();
        return undefined;
      }
      const room = this.#gate.room;
      const read = this.#left === 0 ? 0 : await this.#bytes.some(room.subarray(0, Math.min(room.length, this.#left)));
      this.#left -= read;
      if (read > 0) this.#gate.filled(read);
      else if (!this.#closed) this.#end();
    }
    return undefined;
  }

  close(): void {
    this.#closed = true;
    this.#bytes.close();
  }

  #fill(bytes: Uint8Array): void {
    const audio = bytes.subarray(0, this.#left);
    this.#gate.room.set(audio);
    this.#gate.filled(audio.length);
    this.#left -= audio.length;
  }

  /** Decodes what is there of the audio, at most a piece of it. */
  #take(): Int16Array {
    const { blockBytes, channels } = this.header.format;
    const { sound } = this.#gate;
    const most = Math.max(READ_BYTES - (READ_BYTES % blockBytes), blockBytes);
    // Only a last block may be shorter.
    const whole = this.#ended ? sound.length : sound.length - (sound.length % blockBytes);
    const bytes = Math.min(whole, most);
    const decoded = this.#decode(sound.subarray(0, bytes), this.#decoded) / channels;
    const count = Math.min(Math.floor(decoded), this.#samplesLeft);
    this.#gate.take(bytes);
    this.#samples += count;
    this.#samplesLeft -= count;
    return this.#decoded.subarray(0, count * channels);
  }

  #end(): void {
    this.#ended = true;
    const trailer = this.#gate.end(this.#left > 0);
    const { blockBytes, blockSamples } = this.header.format;
    const rest = blockSamples === 1 ? this.#gate.sound.length % blockBytes : 0;
    const unread = this.#left === Number.POSITIVE_INFINITY ? 0 : this.#left + trailer;
    const missing = Math.max(unread, trailer > 0 && rest === 1 ? 0 : rest);
    if (missing > 0) this.#report(missingAudio(this.header.dataBytes, missing));
    else if (this.#samples === 0 && this.#gate.sound.length === 0 && this.#reports === 0) this.#report(emptyWav());
  }

  /** Reads the chunks that are to follow, unless there are many: who writes them would fail if nobody did. */
  async #readBehind(): Promise<void> {
    const { riffEnd = 0, dataOffset, dataBytes = 0 } = this.header;
    if (this.#left > 0) return;
    const sink = this.#gate.room;
    for (let left = riffEnd - dataOffset - dataBytes; left > 0 && left <= MOST_BEHIND; ) {
      const read = await this.#bytes.some(sink);
      if (read === 0) return;
      left -= read;
    }
  }
}
