import { type FileHandle, open } from 'node:fs/promises';
import { outOfRange, SluiceError } from '@sluice/core';
import type { SampleDecoder } from './pcm-samples.ts';
import { wavDecoder } from './wav-decoder.ts';
import { type WavHeader, WavHeaderParser } from './wav-header.ts';

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
export class WavReader {
  readonly header: WavHeader;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #decode: SampleDecoder;
  readonly #raw: Uint8Array;
  readonly #decoded: Int16Array;
  #start = 0;
  #end = Number.POSITIVE_INFINITY;
  #plays = 1;
  /** Samples per channel: where the next piece starts, and how many this play has given. */
  #sample = 0;
  #given = 0;
  #done = false;
  #missingBytes = 0;
  #reading: Promise<number> | undefined;

  private constructor(path: string, handle: FileHandle, header: WavHeader, fileBytes: number) {
    this.#path = path;
    this.#handle = handle;
    this.header = header;
    const { blockBytes, blockSamples, channels } = header.format;
    const blocks = Math.max(Math.floor(READ_BYTES / blockBytes), 1);
    this.#decode = wavDecoder(header.format);
    this.#raw = new Uint8Array(blocks * blockBytes);
    this.#decoded = new Int16Array(blocks * blockSamples * channels);
    const present = Math.max(fileBytes - header.dataOffset, 0);
    const audible = Math.min(header.dataBytes ?? present, present);
    // The last block of a compressed file may be shorter.
    const rest = blockSamples === 1 ? audible % blockBytes : 0;
    this.#missingBytes = Math.max((header.dataBytes ?? 0) - present, rest);
  }

  /** Opens the file and reads its header. The handle is closed again when that fails. */
  static async open(path: string): Promise<WavReader> {
    const handle = await open(path, 'r').catch((error: unknown) => {
      throw readError(path, 'cannot be opened', error);
    });
    try {
      const stat = await handle.stat();
      if (!stat.isFile())
        throw new SluiceError('SLUICE_FILE_READ', `${path} is not a regular file`, {
          fix: 'Read pipes and devices with fromPcm',
        });
      return new WavReader(path, handle, await readHeader(path, handle), stat.size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Bytes that the header announces and the file does not have, or a rest of less than one sample. */
  get missingBytes(): number {
    return this.#missingBytes;
  }

  /** Chooses what `next()` gives. Throws a `RangeError` if the file ends before `start`. */
  async select(range: WavRange): Promise<void> {
    const { sampleRate } = this.header.format;
    const length = await this.#length();
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
    await this.#handle.close();
  }

  /** Samples per channel in the file, as far as it goes now. */
  async #length(): Promise<number> {
    const { format, dataOffset, dataBytes, samples } = this.header;
    const present = Math.max((await this.#handle.stat()).size - dataOffset, 0);
    const blocks = Math.min(dataBytes ?? present, present) / format.blockBytes;
    // Compressed files end inside a block: the `fact` chunk says where, and a last block may be cut off.
    if (format.blockSamples === 1) return Math.floor(blocks);
    return Math.min(samples ?? Number.POSITIVE_INFINITY, Math.ceil(blocks) * format.blockSamples);
  }

  /** Fills the raw buffer from the block that holds the next sample. Returns the bytes read. */
  async #read(): Promise<number> {
    const { blockBytes, blockSamples } = this.header.format;
    const block = Math.floor(this.#sample / blockSamples);
    const position = this.header.dataOffset + block * blockBytes;
    const wanted = Math.min((Math.ceil(this.#end / blockSamples) - block) * blockBytes, this.#raw.length);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.#handle
        .read(this.#raw, filled, wanted - filled, position + filled)
        .catch((error: unknown) => {
          throw readError(this.#path, 'cannot be read', error);
        });
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
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
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position).catch((error: unknown) => {
      throw readError(path, 'cannot be read', error);
    });
    try {
      if (bytesRead === 0) parser.end();
      const header = parser.push(buffer.subarray(0, bytesRead));
      if (header !== undefined) return header;
    } catch (error) {
      throw naming(path, error);
    }
    position += bytesRead;
  }
}

/** The parser knows no path; whoever reads the message wants it. */
function naming(path: string, error: unknown): unknown {
  return error instanceof SluiceError
    ? new SluiceError(error.code, `${path}: ${error.message}`, { cause: error })
    : error;
}

function readError(path: string, what: string, cause: unknown): SluiceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SluiceError('SLUICE_FILE_READ', `${path} ${what}: ${reason}`, { cause });
}
