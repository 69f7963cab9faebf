import type { AudioFormat, SluiceError } from '@sluice/core';
import { writeError } from '../byte-io/file-errors.ts';
import { type OutputFile, openOutput } from '../byte-io/open-output.ts';
import { largestRiff, wavHeader, wavHeaderLength } from './wav-header-bytes.ts';

const BUFFER_BYTES = 256 * 1_024;
/** Writes are gathered to pieces of this size, or to a second of audio if that is less. */
const PIECE_BYTES = 64 * 1_024;

/** What an empty file says it is, until the first frame. */
const unknownFormat: AudioFormat = { sampleRate: 48_000, channels: 1 };

/**
 * Writes 16-bit PCM into a WAV file that is whole after each flush: the audio goes first, then the sizes in the header.
 * Two buffers take turns, so that nobody waits for the disk until both are full.
 */
export class WavWriter {
  readonly #path: string;
  readonly #file: OutputFile;
  readonly #riffLimit: number;
  #begun = false;
  #format: AudioFormat = unknownFormat;
  #filling = new Uint8Array(BUFFER_BYTES);
  #spare = new Uint8Array(BUFFER_BYTES);
  #filled = 0;
  #pieceBytes = PIECE_BYTES;
  /** Bytes of audio that are in the file or on their way. */
  #position = 0;
  #flushing: Promise<void> | undefined;
  #error: SluiceError | undefined;

  private constructor(path: string, file: OutputFile, riffLimit: number) {
    this.#path = path;
    this.#file = file;
    this.#riffLimit = riffLimit;
  }

  /**
   * Creates the file. One that is there keeps what it holds until the first samples, or the end. Beyond `riffLimit` bytes
   * it becomes an RF64 file.
   */
  static async open(path: string, riffLimit = largestRiff): Promise<WavWriter> {
    const file = await openOutput(path);
    const writer = new WavWriter(path, file, riffLimit);
    try {
      if (!file.held) await writer.#writeHeader();
    } catch (error) {
      await file.handle.close();
      throw writeError(path, 'cannot be written', error);
    }
    return writer;
  }

  /** Bytes of audio so far. */
  get bytes(): number {
    return this.#position + this.#filled;
  }

  get waiting(): boolean {
    return this.#filled > 0;
  }

  /** Says what comes. Once, before the first samples. Throws `SLUICE_FILE_WRITE` while a source reads the same file. */
  setFormat(format: AudioFormat): void {
    this.#file.check();
    this.#format = format;
    this.#pieceBytes = Math.min(PIECE_BYTES, format.sampleRate * format.channels * 2);
  }

  /** Takes samples without waiting if there is room for them. Throws what went wrong with earlier ones. */
  append(samples: Int16Array): void | Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    if (this.#filled + bytes.length > BUFFER_BYTES) return this.#appendInPieces(bytes);
    this.#filling.set(bytes, this.#filled);
    this.#filled += bytes.length;
    if (this.#filled >= this.#pieceBytes) this.flush();
  }

  /** Leaves `samples` samples of silence. Long ones become a hole in the file, which reads as zeros. */
  appendSilence(samples: number): void | Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    const bytes = samples * this.#format.channels * 2;
    if (this.#filled + bytes > BUFFER_BYTES) return this.#skip(bytes);
    this.#filling.fill(0, this.#filled, this.#filled + bytes);
    this.#filled += bytes;
  }

  /** Starts writing what is gathered, unless a write is under way: then it goes with the next. */
  flush(): void {
    if (this.#flushing !== undefined || this.#filled === 0 || this.#error !== undefined) return;
    this.#flushing = this.#flush().then(
      () => {
        this.#flushing = undefined;
        if (this.#filled >= this.#pieceBytes) this.flush();
      },
      (error: unknown) => {
        this.#flushing = undefined;
        this.#error = writeError(this.#path, 'cannot be written', error);
      },
    );
  }

  /** Writes everything and closes the file. The file is closed also when that fails. */
  async close(): Promise<void> {
    try {
      await this.#settle();
    } finally {
      await this.#file.handle.close();
    }
  }

  /** A file without samples is one of no length, whatever it held. */
  async beginEmpty(): Promise<void> {
    if (this.#begun || this.bytes > 0) return;
    try {
      await this.#begin();
    } catch (error) {
      throw writeError(this.#path, 'cannot be written', error);
    }
  }

  async #settle(): Promise<void> {
    // The end of one flush may begin the next.
    while ((this.#filled > 0 || this.#flushing !== undefined) && this.#error === undefined) {
      this.flush();
      await this.#flushing;
    }
    if (this.#error !== undefined) throw this.#error;
  }

  async #appendInPieces(borrowed: Uint8Array): Promise<void> {
    const bytes = borrowed.slice();
    for (let at = 0; at < bytes.length; ) {
      await this.#settle();
      const piece = bytes.subarray(at, at + BUFFER_BYTES);
      this.#filling.set(piece, 0);
      this.#filled = piece.length;
      at += piece.length;
    }
    this.flush();
  }

  async #skip(bytes: number): Promise<void> {
    await this.#settle();
    this.#position += bytes;
  }

  async #flush(): Promise<void> {
    const bytes = this.#filling.subarray(0, this.#filled);
    const before = this.#position;
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#position += this.#filled;
    this.#filled = 0;
    await this.#begin();
    try {
      await this.#writeAll(bytes, wavHeaderLength(this.#format) + before);
    } catch (error) {
      await this.#keepWhatFits(before).catch(() => {});
      throw error;
    }
    await this.#writeHeader();
  }

  /** The disk took a part: the header counts its whole samples, and the file ends with them. */
  async #keepWhatFits(before: number): Promise<void> {
    const { size } = await this.#file.handle.stat();
    const header = wavHeaderLength(this.#format);
    const block = this.#format.channels * 2;
    const whole = Math.floor((Math.min(size - header, this.#position) - before) / block) * block;
    this.#position = before + Math.max(whole, 0);
    await this.#file.handle.truncate(header + this.#position);
    await this.#writeHeader();
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    if (!this.#file.held) return;
    await this.#file.begin();
    await this.#writeHeader(0);
  }

  async #writeHeader(bytes = this.#position): Promise<void> {
    await this.#writeAll(wavHeader(this.#format, bytes, this.#riffLimit), 0);
  }

  async #writeAll(bytes: Uint8Array, position: number): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#file.handle.write(bytes, at, bytes.length - at, position + at);
      at += bytesWritten;
    }
  }
}
