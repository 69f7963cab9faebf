import { bytesPerPixel, type ColorSpace, type VideoFormat, videoByteLength } from '@sluice/core';
import { convertColor, type Picture, planesOf } from '@sluice/core/kernels';
import type { PictureRect } from './scale-picture.ts';

/** Red, green, blue and alpha, each 0 to 255. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** A colour as the bytes of a pixel, of Y, U and V for I420. */
export function pixelOf(color: Rgba, format: VideoFormat['format'], colorSpace?: ColorSpace): Uint8Array {
  // Of two by two pixels, so that I420 has whole pairs.
  const size = { width: 2, height: 2 };
  const from = { ...size, format: 'RGBA', data: Uint8Array.from({ length: 16 }, (_, at) => color[at % 4]!) } as const;
  const space = colorSpace === undefined ? {} : { colorSpace };
  const to = { ...size, format, ...space, data: new Uint8Array(videoByteLength({ ...size, format })) };
  convertColor(from, to);
  return format === 'I420' ? to.data.slice(3) : to.data.slice(0, bytesPerPixel(format));
}

/** Fills a part of a picture with a pixel of `pixelOf`. In I420 it begins at even pixels, and ends there or with it. */
export function paint(onto: Picture, pixel: Uint8Array, { x, y, width, height }: PictureRect): void {
  if (width <= 0 || height <= 0) return;
  for (const [index, plane] of planesOf(onto).entries()) {
    const { at, covers, bytes } = plane;
    const sample = onto.format === 'I420' ? pixel.subarray(index, index + 1) : pixel;
    const first = at + ((y / covers) * plane.width + x / covers) * bytes;
    fillRows(onto.data, sample, first, plane.width * bytes, Math.ceil(width / covers), Math.ceil(height / covers));
  }
}

/** `at` and `stride` are bytes, `width` counts samples. */
function fillRows(
  data: Uint8Array,
  sample: Uint8Array,
  at: number,
  stride: number,
  width: number,
  height: number,
): void {
  const row = data.subarray(at, at + width * sample.length);
  if (sample.length === 1) row.fill(sample[0]!);
  else for (let index = 0; index < row.length; index++) row[index] = sample[index % sample.length]!;
  for (let below = 1; below < height; below++) data.set(row, at + below * stride);
}
