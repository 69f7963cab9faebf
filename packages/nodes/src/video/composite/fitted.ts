import { type ColorFormat, type ColorSpace, type VideoFrame, videoFramePool } from '@sluice/core';
import { alphaPlace, convertColor, planesOf, sameColors } from '@sluice/core/kernels';
import { blend } from '../../kernels/video/blend.ts';
import type { ScaleFilter } from '../../kernels/video/scale-axis.ts';
import { scalePicture } from '../../kernels/video/scale-picture.ts';
import { scaleGeometry } from '../picture/scale-geometry.ts';
import { Stamp } from '../picture/stamp.ts';
import type { CompositeFit } from './place.ts';

/** What pictures become before they are drawn. */
export interface Drawing {
  readonly format: ColorFormat;
  readonly colorSpace: ColorSpace;
  readonly filter: ScaleFilter;
  /** Whom leak reports name. */
  readonly owner: string;
}

/** The size of a cell and how a picture comes to it. */
export interface CellShape {
  readonly width: number;
  readonly height: number;
  readonly fit: CompositeFit;
}

/** A picture in the size and colours in which it is drawn. */
export interface Fitted {
  readonly frame: VideoFrame;
  /** What lays the pixels of `frame`, where they are transparent and what they are laid over has no alpha. */
  readonly stamp: Stamp | undefined;
  /** Whether it came without an alpha. */
  readonly opaque: boolean;
  /** Where it lies in its cell. */
  readonly x: number;
  readonly y: number;
}

/** The picture as it is drawn in a cell; it stays the caller's, the result is to be closed. */
export function fitted(picture: VideoFrame, cell: CellShape, drawing: Drawing): Fitted {
  const { source, target } = scaleGeometry(cell, picture);
  const { width, height } = target;
  // With its colours alone, what cannot be seen would be shown.
  const glass = alphaPlace(drawing.format) === undefined && isSeenThrough(picture);
  const { format, colorSpace } = glass ? { ...drawing, format: 'RGBA' as const } : drawing;
  const scaled = (from: VideoFrame) => {
    const to = videoFramePool.like(from, { width, height }, drawing.owner);
    return drawn(to, () => scalePicture(from, source, to, { x: 0, y: 0, width, height }, drawing.filter));
  };
  const converted = (from: VideoFrame) => {
    const to = videoFramePool.like(from, { format, colorSpace }, drawing.owner);
    return drawn(to, () => convertColor(from, to));
  };
  const steps: ((from: VideoFrame) => VideoFrame)[] = [];
  const asItIs = source.width === picture.width && source.height === picture.height;
  if (!asItIs || width !== picture.width || height !== picture.height) steps.push(scaled);
  if (!sameColors(picture, { width, height, format, colorSpace })) steps.push(converted);
  // Colours are converted where there are fewer pixels.
  if (width * height > picture.width * picture.height) steps.reverse();
  let frame = picture.clone();
  for (const step of steps) {
    const former = frame;
    try {
      frame = step(former);
    } finally {
      former.close();
    }
  }
  const stamp = glass ? new Stamp({ width, height, data: frame.data }) : undefined;
  return { frame, stamp, opaque: alphaPlace(picture.format) === undefined, x: target.x, y: target.y };
}

/** Whether any pixel is not opaque. Most pictures are, and looked at to their end: four pixels at a time. */
function isSeenThrough({ data, format }: VideoFrame): boolean {
  const place = alphaPlace(format);
  if (place === undefined) return false;
  const pixels = new Int32Array(data.buffer, data.byteOffset, data.length >> 2);
  const opaque = new Int32Array(new Uint8Array(4).fill(255, place, place + 1).buffer)[0]!;
  const fours = pixels.length & ~3;
  for (let at = 0; at < fours; at += 4) {
    const all = pixels[at]! & pixels[at + 1]! & pixels[at + 2]! & pixels[at + 3]!;
    if ((all & opaque) !== opaque) return true;
  }
  return pixels.subarray(fours).some((pixel) => (pixel & opaque) !== opaque);
}

/** Lays a picture over another, at a place that in I420 is even. What stands out is cut off. */
export function lay(onto: VideoFrame, laid: Fitted, x: number, y: number, opacity: number): void {
  if (laid.stamp !== undefined) return laid.stamp.draw(onto, x, y, opacity);
  const picture = laid.frame;
  const [left, top] = [Math.max(x, 0), Math.max(y, 0)];
  const right = Math.min(x + picture.width, onto.width);
  const bottom = Math.min(y + picture.height, onto.height);
  if (right <= left || bottom <= top) return;
  const sources = planesOf(picture);
  for (const [index, plane] of planesOf(onto).entries()) {
    const { covers, bytes, alpha } = plane;
    const source = sources[index]!;
    const [stride, sourceStride] = [plane.width * bytes, source.width * bytes];
    const under = { data: onto.data, at: plane.at + (top / covers) * stride + (left / covers) * bytes, stride };
    const first = source.at + ((top - y) / covers) * sourceStride + ((left - x) / covers) * bytes;
    // What is opaque all over is only copied.
    const ownAlpha = laid.opaque && opacity === 255 ? undefined : alpha;
    const over = { data: picture.data, at: first, stride: sourceStride, alphaPlace: ownAlpha };
    blend(under, over, Math.ceil((right - left) / covers) * bytes, Math.ceil((bottom - top) / covers), opacity);
  }
}

/** A frame that is closed if drawing on it fails. */
function drawn(frame: VideoFrame, draw: () => void): VideoFrame {
  try {
    draw();
    return frame;
  } catch (error) {
    frame.close();
    throw error;
  }
}
