import { checkVideoSize, defaultMaxPixels, dimensionRange, type KeysOf, type VideoFormat } from '@sluice/core';
import { type ImageFit, imageFits } from '../../formats/image/image-shape.ts';
import type { PictureRect } from '../../kernels/video/scale-picture.ts';
import { checkBoolean, checkChoice, checkNumber } from '../../options/check-option.ts';

/** How an input comes to a cell of another shape: whole, cut off on both sides, or stretched. */
export type CompositeFit = Exclude<ImageFit, 'inside'>;
/** How a picture may come into its place. */
export const compositeFits = imageFits.filter((fit): fit is CompositeFit => fit !== 'inside');

/** How an input is shown, and where in the layout `free`. */
export interface CompositePlace {
  /** Of the left edge, in pixels; may be outside the picture. Default 0. In I420 places and sizes are rounded to even pixels. */
  readonly x?: number | undefined;
  /** Of the top edge. Default 0. */
  readonly y?: number | undefined;
  /** Pixels, 1 to 16,384. With one of the two the other follows; with none, the input's own size. */
  readonly width?: number | undefined;
  /** Pixels, 1 to 16,384. With one of the two the other follows; with none, the input's own size. */
  readonly height?: number | undefined;
  /** What is higher lies above. Default 0; of the same height the one that came later lies above. */
  readonly z?: number | undefined;
  /** 0 to 1. Default 1. In any layout. */
  readonly opacity?: number | undefined;
  /** Default true. In any layout; what is not visible has no cell. */
  readonly visible?: boolean | undefined;
  /** In any layout. Default that of `composite`. */
  readonly fit?: CompositeFit | undefined;
}

/** The keys of `CompositePlace`, for those that extend it. */
export const placeKeys = {
  x: true,
  y: true,
  width: true,
  height: true,
  z: true,
  opacity: true,
  visible: true,
  fit: true,
} as const satisfies KeysOf<CompositePlace>;

/** Throws unless every field that is there is valid. */
export function checkPlace(name: string, { x, y, width, height, z, opacity, visible, fit }: CompositePlace): void {
  const place = { min: -dimensionRange.max, max: dimensionRange.max, unit: 'pixels' };
  const side = { ...dimensionRange, unit: 'pixels', integer: true };
  if (x !== undefined) checkNumber(`${name}.x`, x, place);
  if (y !== undefined) checkNumber(`${name}.y`, y, place);
  if (width !== undefined) checkNumber(`${name}.width`, width, side);
  if (height !== undefined) checkNumber(`${name}.height`, height, side);
  if (width !== undefined && height !== undefined) checkVideoSize(width, height);
  if (z !== undefined) checkNumber(`${name}.z`, z, { min: -1e9, max: 1e9, unit: 'layers' });
  if (opacity !== undefined) checkNumber(`${name}.opacity`, opacity, { min: 0, max: 1, unit: 'of full opacity' });
  if (visible !== undefined) checkBoolean(`${name}.visible`, visible);
  if (fit !== undefined) checkChoice(`${name}.fit`, fit, compositeFits);
}

/** Where an input of that size lies at its place. A side that follows from the other never makes more than a frame. */
export function freeRect(
  { x = 0, y = 0, width, height }: CompositePlace,
  picture: Pick<VideoFormat, 'width' | 'height'>,
  unit: 1 | 2,
): PictureRect {
  const round = (length: number) => Math.round(length / unit) * unit;
  const side = (length: number) => Math.max(round(length), unit);
  const at = { x: round(x), y: round(y) };
  if (width !== undefined && height !== undefined) return { ...at, width: side(width), height: side(height) };
  const asked =
    width === undefined && height === undefined
      ? 1
      : Math.min((width ?? Infinity) / picture.width, (height ?? Infinity) / picture.height);
  const longest = dimensionRange.max / Math.max(picture.width, picture.height);
  const scale = Math.min(asked, longest, Math.sqrt(defaultMaxPixels / (picture.width * picture.height)));
  return { ...at, width: side(picture.width * scale), height: side(picture.height * scale) };
}
