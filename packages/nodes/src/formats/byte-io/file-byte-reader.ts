import { SluiceError } from '@sluice/core';
import { ByteReader } from './byte-reader.ts';
import { readError } from './file-errors.ts';
import { type InputFile, openInput } from './open-input.ts';

/** Read ahead with each piece: a header between two frames costs no read of its own. */
const AHEAD_BYTES = 64;

/** Reads a regular file on the system's thread pool, straight into the memory it is given. */
export class FileByteReader extends ByteReader {
  /** Bytes of the file when it was opened. */
  readonly size: number;
  readonly #path: string;
  readonly #file: InputFile;
  readonly #ahead = new Uint8Array(AHEAD_BYTES);
  #position = 0;
  #closed = false;

  private constructor(path: string, file: InputFile) {
    super();
    this.size = file.size;
    this.#path = path;
    this.#file = file;
  }

  /** Throws `SLUICE_FILE_READ` if the file cannot be opened or is no regular file. */
  static async open(path: string): Promise<FileByteReader> {
    const instead = 'Give a pipe or a device as a stream: createReadStream(path), or process.stdin';
    return new FileByteReader(path, await openInput(path, instead));
  }

  /** Goes on at this byte of the file. */
  seek(position: number): void {
    this.#position = position;
    this.rest = this.rest.subarray(0, 0);
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#file.close();
  }

  protected async readInto(target: Uint8Array): Promise<number> {
    const read = await this.#read([target, this.#ahead]);
    this.rest = this.#ahead.subarray(0, Math.max(read - target.length, 0));
    return Math.min(read, target.length);
  }

  protected async readMore(): Promise<boolean> {
    this.rest = this.#ahead.subarray(0, await this.#read([this.#ahead]));
    return this.rest.length > 0;
  }

  async #read(buffers: readonly Uint8Array[]): Promise<number> {
    if (this.#closed) return 0;
    try {
      const { bytesRead } = await this.#file.handle.readv(buffers, this.#position);
      this.#position += bytesRead;
      if (bytesRead > 0 || this.#position >= this.size) return bytesRead;
    } catch (error) {
      if (this.#closed) return 0;
      throw readError(this.#path, 'cannot be read', error);
    }
    throw new SluiceError('SLUICE_FILE_READ', `${this.#path} was cut while it was read`, {
      expected: `${this.size} bytes, as when it was opened`,
      received: `the end at ${this.#position}`,
    });
  }
}
