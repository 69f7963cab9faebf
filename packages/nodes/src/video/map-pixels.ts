import {
  bytesPerPixel,
  type ColorSpace,
  createStep,
  invalidArgument,
  type Micros,
  type VideoFormat,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import type { OperatorFunction } from 'rxjs';
import { checkFunction } from '../options/check-option.ts';
import { drawnOn } from './picture/drawn-on.ts';

/** A picture to be drawn on. */
export interface PixelPicture extends VideoFormat {
  /** To be read and written, until the callback returns. Rows have no padding; I420 has its planes behind each other. */
  readonly data: Uint8Array;
  /** Of I420. */
  readonly colorSpace: ColorSpace;
  /** Media time, in microseconds. */
  readonly timestamp: Micros;
}

/** The colour that takes the place of another, as `0xrrggbb`. */
export type PixelColor = (red: number, green: number, blue: number, x: number, y: number) => number;

/**
 * Does to the bytes of each picture whatever a function wants: the way out where no operator fits.
 *
 * The picture is the callback's until it returns, and not longer. It is in the format of the stream; put `convertColor()`
 * before it for another. Size, format and times stay. Frames are drawn on in place if nobody else sees their bytes, else
 * on a copy. What the callback throws is the stream's error; a promise is a `TypeError`.
 *
 * The callback runs on the event loop: a loop over all bytes of a 1080p picture takes 3 to 10 ms in plain JavaScript,
 * which is too long for a process that also plays sound. `inWorker` takes it to a thread. Adds no latency.
 *
 * @example
 * ```ts
 * camera.pipe(mapPixels(({ data }) => data.forEach((byte, at) => (data[at] = 255 - byte))));
 * camera.pipe(scale({ height: 180 }), mapPixels(eachPixel((red, green, blue) => (blue << 16) | (green << 8) | red)));
 * ```
 * @param change draws on the picture
 * @throws TypeError at once if it is no function
 * @see eachPixel, brightness, grayscale
 */
export function mapPixels(change: (picture: PixelPicture) => void): OperatorFunction<VideoFrame, VideoFrame> {
  checkFunction('mapPixels.change', change);
  const draw = (onto: VideoFrame): void => {
    const returned: unknown = change(onto);
    if (returned instanceof Promise)
      throw invalidArgument('mapPixels.change', 'a function without a promise', returned);
  };
  const spec = { name: 'mapPixels', accepts: { kind: 'video' } } as const;
  return createStep<VideoFrame, VideoFrame>(spec, () => ({ next: (frame) => drawnOn(frame, draw) }));
}

/**
 * A callback for `mapPixels` that asks for the colour of each pixel, row by row, in any format. Alpha stays. I420 is
 * converted to RGB and back, which blurs colours over two by two pixels. 1080p takes 5 to 9 ms with a function that does
 * next to nothing, and its own time beyond that: for small pictures, and for workers.
 *
 * @throws TypeError at once if it is no function
 */
export function eachPixel(color: PixelColor): (picture: PixelPicture) => void {
  checkFunction('eachPixel.color', color);
  return (picture) => {
    if (picture.format !== 'I420') {
      recolor(picture, color);
      return;
    }
    using between = videoFramePool.frame({ ...sizeOf(picture), format: 'RGB', timestamp: picture.timestamp });
    convertColor(picture, between);
    recolor(between, color);
    convertColor(between, picture);
  };
}

function sizeOf({ width, height }: VideoFormat) {
  return { width, height };
}

/** Where red, green and blue lie in a pixel. */
const places = { RGBA: [0, 1, 2], RGB: [0, 1, 2], ARGB: [1, 2, 3], ABGR: [3, 2, 1], BGRA: [2, 1, 0] } as const;

function recolor({ data, width, height, format }: PixelPicture, color: PixelColor): void {
  if (format === 'I420') return;
  const step = bytesPerPixel(format);
  const [red, green, blue] = places[format];
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += step) {
      const next = color(data[at + red]!, data[at + green]!, data[at + blue]!, x, y);
      data[at + red] = next >> 16;
      data[at + green] = next >> 8;
      data[at + blue] = next;
    }
}
