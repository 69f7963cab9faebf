import { defaultMaxPixels, dimensionRange, SluiceError, type VideoFormat } from '@sluice/core';
import type { ImageFit } from '../../formats/image/image-shape.ts';
import type { PictureRect } from '../../kernels/video/scale-picture.ts';

type Size = Pick<VideoFormat, 'width' | 'height'>;

export interface ScaleSize {
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly fit: ImageFit;
  readonly maxPixels?: number | undefined;
}

export interface ScaleGeometry {
  readonly size: Size;
  /** What is taken of the picture. */
  readonly source: PictureRect;
  /** Where it is drawn; around it is the background. */
  readonly target: PictureRect;
}

/** How a picture comes to a size. Bars begin and end at even pixels, where the colours of I420 do. */
export function scaleGeometry(asked: ScaleSize, picture: Size): ScaleGeometry {
  const size = resultSize(asked, picture);
  const { width, height } = size;
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const result = { size, source: whole, target: { x: 0, y: 0, width, height } };
  if (asked.width === undefined || asked.height === undefined) return result;
  if (asked.fit === 'cover') {
    const scale = Math.max(width / picture.width, height / picture.height);
    const [wide, high] = [width / scale, height / scale];
    const source = { x: (picture.width - wide) / 2, y: (picture.height - high) / 2, width: wide, height: high };
    return { ...result, source };
  }
  if (asked.fit !== 'contain') return result;
  const scale = Math.min(width / picture.width, height / picture.height);
  const [wide, high] = [evenWithin(picture.width * scale, width), evenWithin(picture.height * scale, height)];
  const target = { x: ((width - wide) >> 2) << 1, y: ((height - high) >> 2) << 1, width: wide, height: high };
  return { ...result, target };
}

/** The size of what leaves. */
function resultSize({ width, height, fit, maxPixels = defaultMaxPixels }: ScaleSize, picture: Size): Size {
  if (width !== undefined && height !== undefined && fit !== 'inside') return { width, height };
  const scale = Math.min((width ?? Infinity) / picture.width, (height ?? Infinity) / picture.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const size = { width: side(picture.width), height: side(picture.height) };
  if (Math.max(size.width, size.height) <= dimensionRange.max && size.width * size.height <= maxPixels) return size;
  throw new SluiceError('SLUICE_SCALE_SIZE', 'a picture cannot be scaled to a width or height alone', {
    expected: `at most ${maxPixels} pixels, ${dimensionRange.max} a side`,
    received: `${picture.width} x ${picture.height}, which would become ${size.width} x ${size.height}`,
    fix: 'Give a width and a height, or raise maxPixels',
  });
}

function evenWithin(length: number, whole: number): number {
  const rounded = Math.round(length);
  return rounded >= whole ? whole : Math.min(whole, Math.max(2, 2 * Math.round(length / 2)));
}
