import { isSluiceError, SluiceError } from '@sluice/core';
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { clearPages, withClearCanvas } from './gif-canvas.ts';
import { type DecodingAttempt, decodingAttempts, type ImageTolerance } from './image-tolerance.ts';
import { loadSharp, type MakeSharp } from './load-sharp.ts';
import { unreadableImage } from './unreadable-image.ts';

export interface EncodedImageOptions {
  readonly tolerance: ImageTolerance;
  /** Called with what is shown although it is not as it should be, once for each image. */
  readonly report: (error: SluiceError) => void;
}

/** What is decoded of an image. */
export interface DecodedPart {
  /** Of an animation; default its first page, as the picture that it is. */
  readonly pages?: { readonly first: number; readonly count: number } | undefined;
  /** The most that may be decoded. */
  readonly maxPixels: number;
  /** Of an SVG, pixels an inch. */
  readonly density?: number | undefined;
}

/**
 * The bytes of an image whose header was read. One place knows how they come to pixels in sRGB: which faults are let
 * pass, profiles of 16-bit colours, and what nothing covers. Used by `fromImage`, `fromImages` and `overlay`.
 */
export class EncodedImage {
  readonly header: Metadata;
  readonly #makeSharp: MakeSharp;
  readonly #attempts: DecodingAttempt[];
  readonly #report: EncodedImageOptions['report'];
  readonly #pagesBefore: number;
  /** The first attempt that has succeeded. */
  #attempt = 0;

  private constructor(bytes: Uint8Array, header: Metadata, makeSharp: MakeSharp, options: EncodedImageOptions) {
    const { tolerance, report } = options;
    const uncovered = header.format === 'gif' && !header.hasAlpha;
    const pixels = uncovered ? withClearCanvas(bytes) : bytes;
    this.header = header;
    this.#makeSharp = makeSharp;
    this.#attempts = decodingAttempts(pixels, tolerance, header.format === 'jpeg');
    this.#report = report;
    this.#pagesBefore = uncovered ? clearPages : 0;
  }

  /** Reads the header. Throws `SLUICE_IMAGE_FORMAT`. */
  static async open(bytes: Uint8Array, options: EncodedImageOptions): Promise<EncodedImage> {
    const makeSharp = await loadSharp();
    const failOn = options.tolerance === 'none' ? 'warning' : 'error';
    // The limit is ours: sharp's own would be an error without a code. What is empty throws, the rest rejects.
    const readHeader = async () => makeSharp(bytes, { limitInputPixels: false, failOn }).metadata();
    const unreadable = unreadableImage(bytes);
    const header = await readHeader().catch((cause: unknown) => {
      throw unreadable === undefined ? noImage(cause) : notRead(unreadable, cause);
    });
    if (unreadable !== undefined && header.compression === 'hevc') throw notRead(unreadable);
    return new EncodedImage(bytes, header, makeSharp, options);
  }

  /** Whether pages are shown one after the other. */
  get animated(): boolean {
    const { delay = [], pages = 1 } = this.header;
    return pages > 1 && delay.length > 0;
  }

  /**
   * Calls `draw` with a pipeline that begins with the pixels: in sRGB when it ends there, and, if it is no animation,
   * upright. Throws `SLUICE_IMAGE_CORRUPT`; a fault that is let pass is reported instead, once.
   */
  async decode<T>(part: DecodedPart, draw: (image: Sharp) => Promise<T>): Promise<T> {
    let complaint: unknown;
    for (; ; this.#attempt++) {
      const attempt = this.#attempts[this.#attempt]!;
      try {
        const drawn = await draw(await this.#pixels(attempt, part));
        if (complaint !== undefined) this.#report(flawed(complaint));
        return drawn;
      } catch (error) {
        complaint ??= error;
        if (this.#attempt + 1 < this.#attempts.length) continue;
        this.#attempt = 0;
        throw isSluiceError(error) ? error : corrupt(error);
      }
    }
  }

  async #pixels(attempt: DecodingAttempt, { pages, maxPixels, density }: DecodedPart): Promise<Sharp> {
    const { failOn } = attempt;
    const bytes = attempt.bytes();
    const options: SharpOptions = {
      failOn,
      limitInputPixels: maxPixels,
      ...(density === undefined ? {} : { density }),
    };
    if (pages !== undefined || this.#pagesBefore > 0) {
      const { first, count } = pages ?? { first: 0, count: 1 };
      return this.#makeSharp(bytes, { ...options, page: first + this.#pagesBefore, pages: count });
    }
    const { depth, space, icc } = this.header;
    if (depth !== 'ushort' || icc === undefined) return this.#makeSharp(bytes, options).autoOrient();
    const raw = this.#makeSharp(bytes, { ...options, ignoreIcc: true }).autoOrient();
    return fitsProfile(space, icc) ? this.#toSrgb(raw.toColourspace(space), maxPixels) : raw;
  }

  /** sharp brings 16-bit colours with a profile to Display P3, leaves greys as they are, and calls both sRGB. */
  async #toSrgb(deep: Sharp, limitInputPixels: number): Promise<Sharp> {
    const { data, info } = await deep
      .withIccProfile('srgb')
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
    return this.#makeSharp(samples, { raw: { width, height, channels }, limitInputPixels });
  }
}

/** Whether a profile is one of such colours: another is passed over, as browsers do. */
function fitsProfile(space: Metadata['space'], icc: Buffer): boolean {
  return icc.toString('latin1', 16, 20) === (space === 'grey16' ? 'GRAY' : 'RGB ');
}

function notRead({ what, fix }: { readonly what: string; readonly fix: string }, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_IMAGE_FORMAT', what, { fix, ...(cause === undefined ? {} : { cause }) });
}

function noImage(cause: unknown): SluiceError {
  return new SluiceError('SLUICE_IMAGE_FORMAT', `no image begins here that can be read: ${reasonOf(cause)}`, { cause });
}

function corrupt(cause: unknown): SluiceError {
  return new SluiceError('SLUICE_IMAGE_CORRUPT', `the image cannot be decoded: ${reasonOf(cause)}`, {
    fix: "Write the image again; tolerance: 'damage' shows what can be decoded of it",
    cause,
  });
}

function flawed(cause: unknown): SluiceError {
  return new SluiceError(
    'SLUICE_IMAGE_FLAWED',
    `the image is shown, but it is not as it should be: ${reasonOf(cause)}`,
    {
      fix: "Write the image again, or refuse such images with tolerance: 'none'",
      cause,
    },
  );
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
