import type { FileHandle } from 'node:fs/promises';
import { outOfRange } from '@sluice/core';
import { readError } from '../byte-io/file-errors.ts';
import { namePath } from '../byte-io/name-path.ts';
import { type InputFile, openInput } from '../byte-io/open-input.ts';
import type { SampleDecoder } from './pcm-samples.ts';
import { wavDecoder } from './wav-decoder.ts';
import { type ReadAt, type WavExtent, wavExtent } from './wav-extent.ts';
import { type WavHeader, WavHeaderParser } from './wav-header.ts';
import { wavLength } from './wav-length.ts';
import type { WavSamples } from './wav-puller.ts';
import { emptyWav, factError, missingAudio } from './wav-reports.ts';

/** What part of a file is read, in seconds of media, and how often. */
export interface WavRange {
  /** Default 0. */
  readonly start?: number | undefined;
  /** Default: the end of the file. */
  readonly end?: number | undefined;
  /** How many times; default 1. */
  readonly plays?: number;
}

const READ_BYTES = 64 * 1_024;

/** Reads the samples of a WAV file in pieces of about 64 KiB, one read ahead. Owns the file handle until `close()`. */
export class WavReader implements WavSamples {
  readonly header: WavHeader;
  /** Samples per channel. */
  readonly length: number;
  /** Bytes that the header announces and the file does not have, or a rest of less than one sample. */
  readonly missingBytes: number;
  /** What the header says and the file contradicts, and audio that is not there. */
  readonly reports: readonly unknown[];
  /** Takes what turns out while it is read. */
  report: (fault: unknown) => void = () => {};
  /** Counts samples that are NaN or infinite, and became silence. */
  countInvalid: (samples: number) => void = () => {};
  readonly #path: string;
  readonly #file: InputFile;
  readonly #decode: SampleDecoder;
  readonly #raw: Uint8Array;
  readonly #decoded: Int16Array;
  #start = 0;
  #end: number;
  readonly #bytes: number;
  #plays = 1;
  /** Samples per channel: where the next piece starts, and how many this play has given. */
  #sample = 0;
  #given = 0;
  #done = false;
  #told = false;
  #reading: Promise<number> | undefined;

  private constructor(path: string, file: InputFile, header: WavHeader, extent: WavExtent) {
    this.#path = path;
    this.#file = file;
    this.header = header;
    const { format } = header;
    const { blockBytes, blockSamples, channels } = format;
    const blocks = Math.max(Math.floor(READ_BYTES / blockBytes), 1);
    this.#decode = wavDecoder(format, (samples) => this.countInvalid(samples));
    this.#raw = new Uint8Array(blocks * blockBytes);
    this.#decoded = new Int16Array(blocks * blockSamples * channels);
    const { length, doubted } = wavLength(header, extent.bytes);
    this.length = length;
    this.#end = length;
    this.#bytes = extent.bytes;
    // The last block of a compressed file may be shorter; one byte before a chunk is padding.
    const rest = blockSamples === 1 ? extent.bytes % blockBytes : 0;
    this.missingBytes = Math.max(extent.missing, extent.trailer && rest === 1 ? 0 : rest);
    const reports = doubted === undefined ? [...extent.doubts] : [...extent.doubts, factError(doubted, length)];
    if (this.missingBytes > 0) reports.push(missingAudio(header.dataBytes, this.missingBytes));
    else if (length === 0 && reports.length === 0) reports.push(emptyWav());
    this.reports = reports.map((report) => namePath(path, report));
  }

  /** Opens the file and reads its header. The handle is closed again when that fails. */
  static async open(path: string): Promise<WavReader> {
    const instead = 'Give a pipe or a device to fromWav as a stream: createReadStream(path), or process.stdin';
    const file = await openInput(path, instead);
    try {
      const header = await readHeader(path, file.handle);
      return new WavReader(path, file, header, await wavExtent(header, file.size, readerAt(path, file.handle)));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Chooses what `next()` gives. Throws a `RangeError` if the file ends before `start`. */
  select(range: WavRange): void {
    const { sampleRate } = this.header.format;
    const { length } = this;
    this.#start = Math.round((range.start ?? 0) * sampleRate);
    this.#end = range.end === undefined ? Number.POSITIVE_INFINITY : Math.round(range.end * sampleRate);
    this.#plays = range.plays ?? 1;
    if (this.#start > length) throw outOfRange('start', `0 to ${length / sampleRate} s in ${this.#path}`, range.start);
    this.#end = Math.min(this.#end, length);
    this.#sample = this.#start;
    this.#done = this.#start >= this.#end;
  }

  /** The next samples, interleaved; undefined at the end. The array is valid until the next call. */
  async next(): Promise<Int16Array | undefined> {
    while (!this.#done) {
      const bytes = await (this.#reading ?? this.#read());
      const samples = this.#take(bytes);
      this.#reading = this.#done ? undefined : this.#read();
      // Whoever awaits it sees the rejection; if nobody comes for it any more, nobody minds.
      this.#reading?.catch(() => {});
      if (samples.length > 0) return samples;
    }
    return undefined;
  }

  /** Waits for a read that is under way. */
  async close(): Promise<void> {
    this.#done = true;
    await this.#file.close();
  }

  /** Fills the raw buffer from the block that holds the next sample. Returns the bytes read. */
  async #read(): Promise<number> {
    const { blockBytes, blockSamples } = this.header.format;
    const block = Math.floor(this.#sample / blockSamples);
    const position = this.header.dataOffset + block * blockBytes;
    const wanted = Math.min((Math.ceil(this.#end / blockSamples) - block) * blockBytes, this.#raw.length);
    const end = this.header.dataOffset + this.#bytes;
    const length = Math.max(Math.min(wanted, end - position), 0);
    const { length: read } = await readInto(this.#path, this.#file.handle, this.#raw.subarray(0, length), position);
    if (read < length) this.#cut(end - position - read);
    return read;
  }

  /** The file had more when it was opened. */
  #cut(missing: number): void {
    if (this.#told || this.#done) return;
    this.#told = true;
    this.report(namePath(this.#path, missingAudio(this.#bytes, missing)));
  }

  /** Decodes what was read, cuts it to the range and moves on, back to the start if it is played again. */
  #take(bytes: number): Int16Array {
    const { channels, blockSamples } = this.header.format;
    const decoded = this.#decode(this.#raw.subarray(0, bytes), this.#decoded);
    const first = Math.floor(this.#sample / blockSamples) * blockSamples;
    const skipped = this.#sample - first;
    const count = Math.max(Math.min(decoded / channels - skipped, this.#end - this.#sample), 0);
    this.#sample += count;
    this.#given += count;
    if (count === 0 || this.#sample >= this.#end) this.#rewind();
    return this.#decoded.subarray(skipped * channels, (skipped + count) * channels);
  }

  #rewind(): void {
    this.#plays--;
    // A file that shrank to nothing would be played again for ever.
    this.#done = this.#plays <= 0 || this.#given === 0;
    this.#sample = this.#start;
    this.#given = 0;
  }
}

async function readHeader(path: string, handle: FileHandle): Promise<WavHeader> {
  const parser = new WavHeaderParser();
  const buffer = new Uint8Array(READ_BYTES);
  for (let position = 0; ; ) {
    const bytes = await readInto(path, handle, buffer, position);
    try {
      if (bytes.length === 0) parser.end();
      const header = parser.push(bytes);
      if (header !== undefined) return header;
    } catch (error) {
      throw namePath(path, error);
    }
    position += bytes.length;
  }
}

function readerAt(path: string, handle: FileHandle): ReadAt {
  return (position, length) => readInto(path, handle, new Uint8Array(length), position);
}

/** Fills `target`. Returns the part that was filled, less than all of it only at the end of the file. */
async function readInto(path: string, handle: FileHandle, target: Uint8Array, position: number): Promise<Uint8Array> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await handle
      .read(target, filled, target.length - filled, position + filled)
      .catch((error: unknown) => {
        throw readError(path, 'cannot be read', error);
      });
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return target.subarray(0, filled);
}
