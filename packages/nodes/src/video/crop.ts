import { checkKeys, checkVideoSize, SluiceError, type VideoFormat, type VideoFrame } from '@sluice/core';
import { copyRows, planesOf } from '@sluice/core/kernels';
import type { OperatorFunction } from 'rxjs';
import { checkPlace, type HorizontalAnchor, placeOn, type VerticalAnchor } from './overlay/place.ts';
import { redraw } from './picture/redraw.ts';

/** Which part of a picture {@link crop} keeps. */
export interface CropOptions {
  /** Of the part that stays, in pixels. */
  readonly width: number;
  /** Pixels that stay from top to bottom. */
  readonly height: number;
  /** Of its left edge, in pixels, or where it stands. Default `center`. */
  readonly x?: number | HorizontalAnchor;
  /** Of its top edge, in pixels, or where it stands. Default `center`. */
  readonly y?: number | VerticalAnchor;
}

/**
 * Keeps a rectangle of each picture, in any format, and drops the rest. In I420 at odd places the chroma, which has half
 * the resolution, is up to half a sample off. Pictures of that size already pass untouched; others are closed and new
 * ones leave. At most what copying the part costs. Times, gaps and epochs pass. Adds no latency.
 *
 * Errors: `SLUICE_CROP_OUTSIDE` for a picture that the rectangle is not within, also when the size changes in
 * mid-stream.
 *
 * @example
 * ```ts
 * camera.pipe(crop({ width: 360, height: 360 }), scale({ width: 240, height: 240 }));
 * ```
 * @throws TypeError, RangeError at once for a rectangle that is none.
 * @see scale, rotate, flip
 */
export function crop(options: CropOptions): OperatorFunction<VideoFrame, VideoFrame> {
  checkKeys<CropOptions>('crop', options, { width: true, height: true, x: true, y: true });
  const { width, height, x = 'center', y = 'center' } = options;
  checkVideoSize(width, height, Number.POSITIVE_INFINITY);
  checkPlace('crop', { x, y });

  return redraw('crop', (from) => {
    const [left, top] = placeOn(from, options, { x, y }, 0);
    if (left < 0 || top < 0 || left + width > from.width || top + height > from.height)
      throw outside(from, `${width}x${height} at ${left}, ${top}`);
    if (from.width === width && from.height === height) return undefined;
    const format = { ...from, width, height };
    const [sources, targets] = [planesOf(from), planesOf(format)];
    return {
      format,
      draw(picture, part) {
        for (const [index, target] of targets.entries()) {
          const source = sources[index]!;
          const { bytes, covers } = source;
          const [column, row] = [Math.floor(left / covers), Math.floor(top / covers)];
          const at = source.at + (row * source.width + column) * bytes;
          const stride = target.width * bytes;
          copyRows(
            { data: picture.data, at, stride: source.width * bytes },
            { data: part.data, at: target.at, stride },
            stride,
            target.height,
          );
        }
      },
    };
  });
}

function outside({ width, height }: VideoFormat, rectangle: string): SluiceError {
  return new SluiceError('SLUICE_CROP_OUTSIDE', 'the rectangle is not within the picture', {
    expected: `a rectangle within ${width}x${height}`,
    received: rectangle,
    fix: 'Put scale() before crop(), or crop less',
    nodeId: 'crop',
  });
}
