// Encoded images, still and animated, to pixels and back: the room that loads sharp. How long a picture is shown is
// for sources to say.

import { SluiceError, type VideoFormat } from '@sluice/core';
import type { Sharp } from 'sharp';
import { namePath } from '../byte-io/name-path.ts';
import { EncodedImage } from './encoded-image.ts';
import { type ImageShape, shapedSize } from './image-shape.ts';
import { loadSharp } from './load-sharp.ts';

/** Decoded pixels of one or more pages. */
export interface DecodedPages {
  readonly format: 'RGB' | 'RGBA';
  readonly pages: readonly Uint8Array[];
}

export interface OpenImageOptions {
  /** For messages. */
  readonly path: string | undefined;
  /** Called with what is shown although it is not as it should be. Default: nobody is told. */
  readonly report?: ((error: unknown) => void) | undefined;
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
  readonly #image: EncodedImage;
  /** Of a page in the file. */
  readonly #stored: { readonly width: number; readonly height: number };
  readonly #shape: ImageShape;
  readonly #path: string | undefined;

  private constructor(image: EncodedImage, shape: ImageShape, path: string | undefined) {
    const { header, animated } = image;
    const { delay = [], pages = 1, loop = 1 } = header;
    this.#image = image;
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
    this.#stored = stored;
    this.format = { ...shapedSize(shape, stored), format: shape.format };
    this.pageBytes = 4 * Math.max(stored.width * stored.height, this.format.width * this.format.height);
  }

  /** Reads the header. Throws `SLUICE_IMAGE_FORMAT` and `SLUICE_IMAGE_TOO_LARGE`, with the path if there is one. */
  static async open(bytes: Uint8Array, shape: ImageShape, { path, report }: OpenImageOptions): Promise<OpenImage> {
    const { tolerance } = shape;
    try {
      const told = (error: SluiceError) => report?.(namePath(path, error));
      return new OpenImage(await EncodedImage.open(bytes, { tolerance, report: told }), shape, path);
    } catch (error) {
      throw namePath(path, error);
    }
  }

  /** Decodes pages from `first` on. Throws `SLUICE_IMAGE_CORRUPT`. */
  async decode(first: number, count: number): Promise<DecodedPages> {
    const { width, height } = this.format;
    const format = this.#shape.opaque ? 'RGB' : 'RGBA';
    const maxPixels = this.#shape.maxPixels * count;
    const paged = this.#image.animated;
    const part = { maxPixels, pages: paged ? { first, count } : undefined };
    try {
      if (paged && (width !== this.#stored.width || height !== this.#stored.height))
        return { format, pages: await this.#scaledPages(first, count, format) };
      const data = await this.#image.decode(part, (image) =>
        rawPixels(this.#shaped(image), format, width, height * count),
      );
      return { format, pages: split(data, count) };
    } catch (error) {
      throw namePath(this.#path, error);
    }
  }

  /** Each page is scaled alone: as one tall picture they would be mixed where they meet. */
  async #scaledPages(first: number, count: number, format: 'RGB' | 'RGBA'): Promise<Uint8Array[]> {
    const makeSharp = await loadSharp();
    const stored = this.#stored;
    const maxPixels = this.#shape.maxPixels * count;
    const { width, height } = this.format;
    return this.#image.decode({ maxPixels, pages: { first, count } }, async (image) => {
      const whole = image.ensureAlpha().toColourspace('srgb');
      const data = await rawPixels(whole, 'RGBA', stored.width, stored.height * count);
      const scaled: Uint8Array[] = [];
      for (const pixels of split(data, count)) {
        const raw = { ...stored, channels: 4 } as const;
        const page = makeSharp(pixels, { raw, limitInputPixels: maxPixels });
        scaled.push(await rawPixels(this.#shaped(page), format, width, height));
      }
      return scaled;
    });
  }

  /** In the size and with the background that are wanted. */
  #shaped(image: Sharp): Sharp {
    const { fit } = this.#shape;
    const { width, height } = this.format;
    const [r, g, b, alpha] = this.#shape.background;
    const background = { r, g, b, alpha: alpha / 255 };
    const whole = this.#shape.opaque ? image.flatten({ background }) : image.ensureAlpha();
    // What keeps its shape is rounded here, once.
    return whole.resize({ width, height, fit: fit === 'inside' ? 'fill' : fit, background }).toColourspace('srgb');
  }
}

/** Runs a pipeline. Throws unless as many pixels come out as should. */
async function rawPixels(image: Sharp, format: 'RGB' | 'RGBA', width: number, height: number): Promise<Uint8Array> {
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.width !== width || info.height !== height || info.channels !== format.length)
    throw new Error(`${info.width}x${info.height} pixels of ${info.channels} channels came out`);
  return data;
}

function split(data: Uint8Array, count: number): Uint8Array[] {
  const bytes = data.length / count;
  return Array.from({ length: count }, (_, part) => data.subarray(part * bytes, (part + 1) * bytes));
}
