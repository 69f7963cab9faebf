import {
  type ColorFormat,
  type ColorSpace,
  checkColorFormat,
  checkColorSpace,
  dimensionRange,
  type KeysOf,
  SluiceError,
} from '@sluice/core';
import type { Rgba } from '../../kernels/video/paint.ts';
import { checkChoice, checkNumber } from '../../options/check-option.ts';
import { type Color, parseColor } from '../../options/color.ts';
import { type ImageTolerance, imageTolerances } from './image-tolerance.ts';

/** How a picture may come to a size that has another shape. */
export const imageFits = ['contain', 'cover', 'fill', 'inside'] as const;
/**
 * How a picture comes to a size of another shape. `contain`: whole, with bars of the background; `cover`: it fills the
 * size, what stands out is cut off on both sides; `fill`: stretched; `inside`: whole and without bars, so that one side
 * may be shorter.
 */
export type ImageFit = (typeof imageFits)[number];

/** How an image is read, and size and colours of the frames that it becomes. */
export interface ImageShapeOptions {
  /** Pixels. Default: the image's, or what keeps its shape if only the height is given. */
  readonly width?: number | undefined;
  /** Pixels. Default: the image's, or what keeps its shape if only the width is given. */
  readonly height?: number | undefined;
  /** How the image comes to a width and height of another shape. Default `contain`. */
  readonly fit?: ImageFit | undefined;
  /**
   * The colour of bars, and of what is transparent where the format has no alpha. Its opacity counts only
   * where the format has alpha. Default `black`.
   */
  readonly background?: Color | undefined;
  /** Formats with alpha keep what is transparent. Default I420. */
  readonly format?: ColorFormat | undefined;
  /** Of I420. Default `bt601`. */
  readonly colorSpace?: ColorSpace | undefined;
  /** The largest image that is decoded or made, in pixels; of an animation, the largest page. Default 8192 x 8192. */
  readonly maxPixels?: number | undefined;
  /** Which faults of the file are reported instead of refused. Default `flaws`. */
  readonly tolerance?: ImageTolerance | undefined;
}

/** The keys of `ImageShapeOptions`, for those that extend them. */
export const imageShapeKeys = {
  width: true,
  height: true,
  fit: true,
  background: true,
  format: true,
  colorSpace: true,
  maxPixels: true,
  tolerance: true,
} as const satisfies KeysOf<ImageShapeOptions>;

/** The options with their defaults, checked. */
export interface ImageShape {
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly fit: ImageFit;
  /** Opaque if the picture is. */
  readonly background: Rgba;
  readonly format: ColorFormat;
  /** Whether the background shows through what is transparent. */
  readonly opaque: boolean;
  readonly colorSpace: ColorSpace;
  readonly maxPixels: number;
  readonly tolerance: ImageTolerance;
}

/** Room for the photos of a telephone; decoded whole, 256 MiB. */
const defaultLargestImage = 8192 * 8192;

/** Checks the options at once. */
export function imageShape(options: ImageShapeOptions): ImageShape {
  const { width, height, fit = 'contain', background = 'black', maxPixels = defaultLargestImage } = options;
  const { format = 'I420', colorSpace = 'bt601', tolerance = 'flaws' } = options;
  const side = { ...dimensionRange, unit: 'pixels', integer: true };
  if (width !== undefined) checkNumber('width', width, side);
  if (height !== undefined) checkNumber('height', height, side);
  checkChoice('fit', fit, imageFits);
  checkChoice('tolerance', tolerance, imageTolerances);
  checkColorFormat(format);
  checkColorSpace(colorSpace);
  checkNumber('maxPixels', maxPixels, { min: 1, max: 2 ** 28, unit: 'pixels', integer: true });
  const opaque = format === 'RGB' || format === 'I420';
  const [red, green, blue, alpha] = parseColor('background', background);
  const behind: Rgba = [red, green, blue, opaque ? 255 : alpha];
  return { width, height, fit, background: behind, format, opaque, colorSpace, maxPixels, tolerance };
}

/** The size of the frames that an image of this size becomes. Throws `SLUICE_IMAGE_TOO_LARGE` for more than a frame. */
export function shapedSize({ width, height, fit, maxPixels }: ImageShape, image: { width: number; height: number }) {
  const scale = Math.min((width ?? Infinity) / image.width, (height ?? Infinity) / image.height);
  const keepsShape = width === undefined || height === undefined || fit === 'inside';
  const side = (stored: number) => (scale === Infinity ? stored : Math.max(Math.round(stored * scale), 1));
  const size = keepsShape ? { width: side(image.width), height: side(image.height) } : { width, height };
  if (Math.max(size.width, size.height) > dimensionRange.max)
    throw new SluiceError('SLUICE_IMAGE_TOO_LARGE', 'the image is larger than a frame may be', {
      expected: `at most ${dimensionRange.max} pixels a side`,
      received: `${size.width} x ${size.height}`,
      fix: 'Give a width or height to scale it down',
    });
  if (size.width * size.height > maxPixels)
    throw new SluiceError('SLUICE_IMAGE_TOO_LARGE', 'the image would become a frame of too many pixels', {
      expected: `at most ${maxPixels} pixels`,
      received: `${size.width} x ${size.height} = ${size.width * size.height}`,
      fix: 'Give a smaller width or height, or raise maxPixels',
    });
  return size;
}
