import { type FileHandle, open } from 'node:fs/promises';
import type { ByteWriter } from './byte-writer.ts';
import { writeError } from './file-errors.ts';
import { piecesAfter } from './pieces-after.ts';

/** Writes a file, a FIFO or a device from its beginning to its end, on the system's thread pool. */
export class FileByteWriter implements ByteWriter {
  readonly #path: string;
  readonly #handle: FileHandle;
  #bytes = 0;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** Creates the file, or empties it. */
  static async open(path: string): Promise<FileByteWriter> {
    const handle = await open(path, 'w').catch((error: unknown) => {
      throw writeError(path, 'cannot be created', error);
    });
    return new FileByteWriter(path, handle);
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    let left = pieces;
    try {
      while (left.length > 0) {
        // A disk that is nearly full takes a part: the rest is written again, until it says why not.
        const { bytesWritten } = await this.#handle.writev(left);
        this.#bytes += bytesWritten;
        left = piecesAfter(left, bytesWritten);
      }
    } catch (error) {
      throw writeError(this.#path, 'cannot be written', error);
    }
  }

  async end(): Promise<void> {
    await this.#handle.close().catch((error: unknown) => {
      throw writeError(this.#path, 'cannot be closed', error);
    });
  }

  abort(): Promise<void> {
    return this.end();
  }
}
