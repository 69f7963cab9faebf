import { SluiceError, type VideoFormat } from '@sluice/core';
import type { Metadata, Sharp } from 'sharp';
import { namePath } from '../byte-io/name-path.ts';
import { type ImageShape, shapedSize } from './image-shape.ts';
import { loadSharp } from './load-sharp.ts';

/** Decoded pixels of one or more pages, one below the other. */
export interface DecodedPages {
  readonly format: 'RGB' | 'RGBA';
  readonly data: Uint8Array;
}

/**
 * An encoded image whose header was read. Pages are decoded by threads of libvips, turned upright, in sRGB, scaled and
 * without transparency if the wanted format has none.
 */
export class OpenImage {
  /** Size and format of the frames that it becomes. */
  readonly format: VideoFormat;
  /** Pages of an animation; 1 of anything else, a file of several images too. */
  readonly pages: number;
  /** How long each page is shown, as the file says, in milliseconds. Empty for a still image. */
  readonly delays: readonly number[];
  /** How often an animation is played, as the file says. */
  readonly plays: number;
  /** The largest that a page is on its way, in bytes. */
  readonly pageBytes: number;
  readonly #bytes: Uint8Array;
  readonly #shape: ImageShape;
  readonly #path: string | undefined;

  private constructor(bytes: Uint8Array, shape: ImageShape, path: string | undefined, header: Metadata) {
    const { delay = [], pages = 1, loop = 1 } = header;
    const animated = pages > 1 && delay.length > 0;
    this.#bytes = bytes;
    this.#shape = shape;
    this.#path = path;
    this.pages = animated ? pages : 1;
    this.delays = animated ? delay : [];
    // Both GIF and WebP call it 0 if it never ends.
    this.plays = loop === 0 ? Number.POSITIVE_INFINITY : loop;
    const stored = animated ? { width: header.width, height: header.pageHeight ?? header.height } : header.autoOrient;
    if (stored.width * stored.height > shape.maxPixels)
      throw new SluiceError('SLUICE_IMAGE_TOO_LARGE', 'the image has too many pixels', {
        expected: `at most ${shape.maxPixels} pixels`,
        received: `${stored.width} x ${stored.height} = ${stored.width * stored.height}`,
        fix: 'Raise maxPixels if the image can be trusted',
      });
    this.format = { ...shapedSize(shape, stored), format: shape.format };
    this.pageBytes = 4 * Math.max(stored.width * stored.height, this.format.width * this.format.height);
  }

  /** Reads the header. Throws `SLUICE_IMAGE_FORMAT` and `SLUICE_IMAGE_TOO_LARGE`, with the path if there is one. */
  static async open(bytes: Uint8Array, shape: ImageShape, path: string | undefined): Promise<OpenImage> {
    const makeSharp = await loadSharp();
    // The limit is ours: sharp's own would be an error without a code. What is empty throws, the rest rejects.
    const readHeader = async () => makeSharp(bytes, { limitInputPixels: false }).metadata();
    try {
      const header = await readHeader().catch((cause: unknown) => {
        throw fault('SLUICE_IMAGE_FORMAT', 'no image begins here that can be read', cause);
      });
      return new OpenImage(bytes, shape, path, header);
    } catch (error) {
      throw namePath(path, error);
    }
  }

  /** Decodes pages from `first` on. Throws `SLUICE_IMAGE_CORRUPT`. */
  async decode(first: number, pages: number): Promise<DecodedPages> {
    try {
      const makeSharp = await loadSharp();
      const limitInputPixels = this.#shape.maxPixels * pages;
      const range = this.delays.length > 0 ? { page: first, pages } : {};
      const { data, info } = await this.#shaped(makeSharp(this.#bytes, { ...range, limitInputPixels }))
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      const { width, height } = this.format;
      const format = this.#shape.opaque ? 'RGB' : 'RGBA';
      if (info.width !== width || info.height !== height * pages || info.channels !== format.length)
        throw new Error(`${info.width}x${info.height} pixels of ${info.channels} channels came out`);
      return { format, data };
    } catch (error) {
      throw namePath(this.#path, fault('SLUICE_IMAGE_CORRUPT', 'the image cannot be decoded', error));
    }
  }

  #shaped(image: Sharp): Sharp {
    const { fit } = this.#shape;
    const { width, height } = this.format;
    const [r, g, b, alpha] = this.#shape.background;
    const background = { r, g, b, alpha: alpha / 255 };
    const upright = this.delays.length > 0 ? image : image.autoOrient();
    const whole = this.#shape.opaque ? upright.flatten({ background }) : upright.ensureAlpha();
    // What keeps its shape is rounded here, once.
    return whole.resize({ width, height, fit: fit === 'inside' ? 'fill' : fit, background }).toColourspace('srgb');
  }
}

function fault(code: 'SLUICE_IMAGE_FORMAT' | 'SLUICE_IMAGE_CORRUPT', what: string, cause: unknown): SluiceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SluiceError(code, `${what}: ${reason}`, { cause });
}
