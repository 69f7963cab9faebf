import type { ByteWriter } from './byte-writer.ts';
import { writeError } from './file-errors.ts';
import { type OutputFile, openOutput } from './open-output.ts';
import { piecesAfter } from './pieces-after.ts';

/** A pipe that is full is looked at again after this time, in milliseconds. */
const FULL_MS = 5;

/** Writes a file, a FIFO or a device from its beginning to its end, on the system's thread pool. */
export class FileByteWriter implements ByteWriter {
  readonly #path: string;
  readonly #file: OutputFile;
  #begun = false;
  #bytes = 0;

  private constructor(path: string, file: OutputFile) {
    this.#path = path;
    this.#file = file;
  }

  /** Creates the file. One that is there is emptied by the first write, or by the end. */
  static async open(path: string): Promise<FileByteWriter> {
    return new FileByteWriter(path, await openOutput(path));
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    let left = pieces;
    if (!this.#begun) this.#file.check();
    try {
      await this.#begin();
      while (left.length > 0) {
        // A disk that is nearly full takes a part: the rest is written again, until it says why not.
        const bytesWritten = await this.#writeSome(left);
        this.#bytes += bytesWritten;
        left = piecesAfter(left, bytesWritten);
      }
    } catch (error) {
      throw writeError(this.#path, 'cannot be written', error);
    }
  }

  async end(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      throw writeError(this.#path, 'cannot be written', error);
    } finally {
      await this.abort();
    }
  }

  async abort(): Promise<void> {
    await this.#file.handle.close().catch((error: unknown) => {
      throw writeError(this.#path, 'cannot be closed', error);
    });
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    await this.#file.begin();
  }

  async #writeSome(pieces: readonly Uint8Array[]): Promise<number> {
    for (;;) {
      try {
        return (await this.#file.handle.writev(pieces)).bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        await new Promise((resolve) => setTimeout(resolve, FULL_MS));
      }
    }
  }
}
