import { SluiceError } from '@sluice/core';
import type { ByteReader } from '../byte-io/byte-reader.ts';
import { FileByteReader } from '../byte-io/file-byte-reader.ts';
import type { PictureReader } from '../picture-puller.ts';
import { reduceChroma } from './y4m-chroma.ts';
import {
  checkY4mFrameLine,
  longestY4mLine,
  looksLikeY4m,
  notY4m,
  parseY4mHeader,
  type Y4mHeader,
  y4mChromaBytes,
} from './y4m-header.ts';

type Line = Awaited<ReturnType<ByteReader['line']>>;

/** Reads the frames of a Y4M file one by one. Owns the bytes until `close()`. */
export class Y4mReader implements PictureReader {
  readonly header: Y4mHeader;
  readonly #bytes: ByteReader;
  readonly #firstFrame: number;
  /** Chroma planes as the file has them; empty where they are read straight into the picture. */
  readonly #chroma: Uint8Array;
  /** The line behind the first frame, where it was read to judge that frame. */
  #ahead: Line | undefined;
  #frames = 0;
  #closed = false;

  private constructor(bytes: ByteReader, header: Y4mHeader, firstFrame: number) {
    this.#bytes = bytes;
    this.header = header;
    this.#firstFrame = firstFrame;
    this.#chroma = new Uint8Array(header.chroma === '420' ? 0 : 2 * y4mChromaBytes(header));
  }

  /** Reads the header. The bytes are closed again when that fails. */
  static async open(bytes: ByteReader, maxPixels: number): Promise<Y4mReader> {
    try {
      const { text, complete } = await bytes.line(longestY4mLine);
      if (!looksLikeY4m(text) || text === '') throw notY4m(text);
      if (!complete && text.length >= longestY4mLine)
        throw new SluiceError('SLUICE_Y4M_HEADER', 'the header of the Y4M file is too long', {
          expected: `a line of at most ${longestY4mLine} bytes`,
        });
      if (!complete) throw truncated('the Y4M file ends inside its header', 'a whole line', `${text.length} bytes`);
      return new Y4mReader(bytes, parseY4mHeader(text, maxPixels), text.length + 1);
    } catch (error) {
      await bytes.close();
      throw error;
    }
  }

  /** Whole frames since the beginning. */
  get frames(): number {
    return this.#frames;
  }

  /**
   * Reads the next frame into `picture`, the bytes of an I420 picture. False at the end. Throws `SLUICE_Y4M_TRUNCATED`
   * if the file ends inside the frame, `SLUICE_Y4M_FRAME` if no frame begins here.
   */
  async next(picture: Uint8Array): Promise<boolean> {
    const { text, complete } = this.#ahead ?? (await this.#bytes.line(longestY4mLine));
    this.#ahead = undefined;
    if (this.#closed || (text === '' && !complete)) return false;
    if (!complete && 'FRAME'.startsWith(text)) throw this.#cut('FRAME', text);
    checkY4mFrameLine(text, this.#frames, complete || text.length < longestY4mLine);
    if (!complete) throw this.#cut('a whole FRAME line', text);
    const { width, height, chroma } = this.header;
    const luma = width * height;
    const direct = chroma === '420' ? picture : picture.subarray(0, luma);
    const read = await this.#bytes.fill(direct);
    const readChroma = read < direct.length ? 0 : await this.#bytes.fill(this.#chroma);
    if (this.#closed) return false;
    const expected = direct.length + this.#chroma.length;
    if (read + readChroma < expected) throw this.#cut(`${expected} bytes`, `${read + readChroma} bytes`);
    if (chroma === 'mono') picture.fill(128, luma);
    else if (chroma !== '420') reduceChroma(this.#chroma, chroma, width, height, picture.subarray(luma));
    if (this.#frames === 0 && paddedRows(this.header)) await this.#judgeFirst();
    this.#frames++;
    return true;
  }

  /** Goes back to the first frame. Only of files. */
  rewind(): void {
    if (this.#bytes instanceof FileByteReader) this.#bytes.seek(this.#firstFrame);
    this.#frames = 0;
    this.#ahead = undefined;
  }

  close(): void | Promise<void> {
    this.#closed = true;
    return this.#bytes.close();
  }

  /** Rows that are longer than the header says make every picture skewed: told before the first one leaves. */
  async #judgeFirst(): Promise<void> {
    const line = await this.#bytes.line(longestY4mLine);
    const { text, complete } = line;
    this.#ahead = line;
    const frame = complete ? text === 'FRAME' || text.startsWith('FRAME ') : 'FRAME'.startsWith(text.slice(0, 5));
    if (frame) return;
    const { width, height } = this.header;
    throw new SluiceError(
      'SLUICE_Y4M_FRAME',
      'the first frame of the Y4M file is longer than its size and chroma say',
      {
        expected: `rows of ${width} pixels without padding, and a line FRAME behind the frame`,
        received: `other bytes behind ${width}x${height} pixels`,
        fix: 'y4menc of GStreamer pads at odd heights and at widths that are no multiple of 8: scale before it, or write the file with ffmpeg',
      },
    );
  }

  #cut(expected: string, received: string): SluiceError {
    return truncated(`the Y4M file ends inside frame ${this.#frames}`, expected, received);
  }
}

/** Whether a writer that pads rows to four bytes and rounds heights up, as y4menc does, would write another number. */
function paddedRows({ width, height, chroma }: Y4mHeader): boolean {
  if (chroma === '420' && height % 2 !== 0) return true;
  if (chroma === 'mono' || chroma === '444') return width % 4 !== 0;
  return width % 8 !== 0;
}

function truncated(what: string, expected: string, received: string): SluiceError {
  return new SluiceError('SLUICE_Y4M_TRUNCATED', what, { expected, received });
}
