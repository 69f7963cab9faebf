import type { ActorContext } from '@sluice/core';
import { ffmpegError } from '../errors.ts';
import type { PictureFormat } from './picture-puller.ts';
import type { Decoder } from './repeated-decoder.ts';

const NEWLINE = 10;
/** The longest line that ffmpeg writes, in bytes, with room to spare. */
const LONGEST_LINE = 256;

/** Pictures with a head that says their size and rate (YUV4MPEG2), without the line before each: what is not known before it is read. */
export class Y4mPictures implements Decoder {
  readonly #decoder: Decoder;
  #rest: Uint8Array = new Uint8Array(0);
  #pictureBytes = 0;
  /** Of the picture that is being read. */
  #left = 0;

  private constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** Reads the head. @throws SluiceError `SLUICE_FFMPEG_FAILED` where nothing comes, as where there are no pictures */
  static async open(decoder: Decoder): Promise<{ readonly format: PictureFormat; readonly pictures: Y4mPictures }> {
    const pictures = new Y4mPictures(decoder);
    try {
      return { format: await pictures.#head(), pictures };
    } catch (error) {
      await decoder.close();
      throw error;
    }
  }

  async next(): Promise<Buffer | undefined> {
    if (this.#left === 0) {
      if ((await this.#line()) === undefined) return undefined;
      this.#left = this.#pictureBytes;
    }
    if (this.#rest.length === 0 && !(await this.#more())) return undefined;
    const piece = this.#rest.subarray(0, this.#left);
    this.#rest = this.#rest.subarray(piece.length);
    this.#left -= piece.length;
    return Buffer.from(piece.buffer, piece.byteOffset, piece.length);
  }

  reportComplaint(context: ActorContext): void {
    this.#decoder.reportComplaint(context);
  }

  close(): Promise<void> {
    return this.#decoder.close();
  }

  async #head(): Promise<PictureFormat> {
    const line = await this.#line();
    const [, w, h, numerator, denominator] =
      /^YUV4MPEG2 W(\d+) H(\d+) F(\d+):(\d+)/.exec(line ?? '')?.map(Number) ?? [];
    if (!(w! > 0 && h! > 0 && numerator! > 0 && denominator! > 0))
      throw ffmpegError('SLUICE_FFMPEG_FAILED', 'there are no pictures in the stream', { received: line });
    const chroma = Math.ceil(w! / 2) * Math.ceil(h! / 2);
    this.#pictureBytes = w! * h! + 2 * chroma;
    return { width: w!, height: h!, rate: { numerator: numerator!, denominator: denominator! } };
  }

  /** The next line; undefined at the end. */
  async #line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE);
      if (end >= 0) {
        const line = Buffer.from(this.#rest.subarray(0, end)).toString('latin1');
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (this.#rest.length > LONGEST_LINE || !(await this.#more())) return undefined;
    }
  }

  async #more(): Promise<boolean> {
    const more = await this.#decoder.next();
    if (more === undefined) return false;
    this.#rest = this.#rest.length === 0 ? more : Buffer.concat([this.#rest, more]);
    return true;
  }
}
