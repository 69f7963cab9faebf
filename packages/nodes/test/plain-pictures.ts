import { type ColorFormat, micros, type VideoFrame, type VideoFrameMeta, videoFramePool } from '@sluice/core';

export interface PlainPicture extends Partial<VideoFrameMeta> {
  readonly width?: number;
  readonly height?: number;
  readonly format?: ColorFormat;
}

/** A picture whose bytes are all the same; 32x16 in I420 by default. */
export function plainPicture(level: number, picture: PlainPicture = {}): VideoFrame {
  const frame = videoFramePool.frame({ width: 32, height: 16, format: 'I420', timestamp: micros(0), ...picture });
  frame.data.fill(level);
  return frame;
}

/** What rectangle each level fills in the luma of I420, as `x,y wxh`, or with how many pixels if it is none. */
export function rectanglesOf(frame: VideoFrame): Record<number, string> {
  return rectanglesIn(frame.data, frame.width, frame.height);
}

/** The same of the first chroma plane. */
export function chromaRectanglesOf({ data, width, height }: VideoFrame): Record<number, string> {
  const [wide, high] = [(width + 1) >> 1, (height + 1) >> 1];
  return rectanglesIn(data.subarray(width * height, width * height + wide * high), wide, high);
}

function rectanglesIn(plane: Uint8Array, width: number, height: number): Record<number, string> {
  const found = new Map<number, { left: number; top: number; right: number; bottom: number; count: number }>();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const level = plane[y * width + x]!;
      const box = found.get(level) ?? { left: x, top: y, right: x, bottom: y, count: 0 };
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.bottom = y;
      box.count++;
      found.set(level, box);
    }
  return Object.fromEntries(
    [...found].map(([level, { left, top, right, bottom, count }]) => {
      const [wide, high] = [right - left + 1, bottom - top + 1];
      return [level, count === wide * high ? `${left},${top} ${wide}x${high}` : `${count} pixels`];
    }),
  );
}
