// Arithmetic on planes and pixels: scaling, blending, painting, tone.

import { type Picture, planesOf } from '@sluice/core/kernels';
import { PlaneScaler } from './plane-scaler.ts';
import type { ScaleFilter } from './scale-axis.ts';

/** A part of a picture, in pixels. */
export interface PictureRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

let scaler: PlaneScaler | undefined;

/**
 * Draws a part of `from`, which may begin and end between pixels, on a part of `to` in the same format. In I420 the part
 * of `to` begins at even pixels, and has even sides unless it ends with the picture. Nothing else of `to` is touched.
 * Values are scaled as they are stored; where pixels have an alpha, colours are weighted by it.
 */
export function scalePicture(
  from: Picture,
  source: PictureRect,
  to: Picture,
  target: PictureRect,
  filter: ScaleFilter,
): void {
  scaler ??= new PlaneScaler();
  const [stepX, stepY] = [source.width / target.width, source.height / target.height];
  const targets = planesOf(to);
  for (const [index, plane] of planesOf(from).entries()) {
    const { at, width, bytes, covers } = targets[index]!;
    const stride = width * bytes;
    const place = {
      data: to.data,
      at: at + (target.y / covers) * stride + (target.x / covers) * bytes,
      stride,
      width: target.width / covers,
      height: target.height / covers,
    };
    // A chroma sample lies in the middle of its four pixels, or of those there are: the same steps from half of the place.
    const [x, y] = [source.x / covers, source.y / covers];
    const window = { x, y, stepX, stepY, width: from.width / covers, height: from.height / covers };
    scaler.scale({ data: from.data, plane }, place, window, filter);
  }
}
