import { SluiceError } from '@sluice/core';
import type { ByteReader } from './byte-io/byte-reader.ts';
import { FileByteReader } from './byte-io/file-byte-reader.ts';
import type { PictureReader } from './picture-puller.ts';

/** Reads pictures that follow each other without a header. Owns the bytes until `close()`. */
export class RawVideoReader implements PictureReader {
  readonly #bytes: ByteReader;
  #frames = 0;
  #closed = false;

  constructor(bytes: ByteReader) {
    this.#bytes = bytes;
  }

  get frames(): number {
    return this.#frames;
  }

  /** Throws `SLUICE_RAW_VIDEO_PARTIAL` if the bytes end inside the picture. */
  async next(picture: Uint8Array): Promise<boolean> {
    const read = await this.#bytes.fill(picture);
    if (read === 0 || this.#closed) return false;
    if (read < picture.length)
      throw new SluiceError('SLUICE_RAW_VIDEO_PARTIAL', `the raw video ends inside frame ${this.#frames}`, {
        expected: `${picture.length} bytes for a frame`,
        received: `${read} bytes`,
        fix: 'Check width, height and format: nothing but their product says where a frame ends',
      });
    this.#frames++;
    return true;
  }

  rewind(): void {
    if (this.#bytes instanceof FileByteReader) this.#bytes.seek(0);
    this.#frames = 0;
  }

  close(): void | Promise<void> {
    this.#closed = true;
    return this.#bytes.close();
  }
}
