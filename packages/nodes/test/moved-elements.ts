import type { VideoFrame } from '@sluice/core';
import { type Plane, planesOf } from '@sluice/core/kernels';

type Size = Pick<Plane, 'width' | 'height'>;

/** Where an element of the result comes from, in a plane of the given size. */
export type Origin = (x: number, y: number, from: Size, to: Size) => readonly [x: number, y: number];

/** The bytes of a picture whose elements were moved, one by one: what operators that move pixels are held to. */
export function movedElements(from: VideoFrame, to: VideoFrame, origin: Origin): Uint8Array {
  const bytes = new Uint8Array(to.data.length);
  const sources = planesOf(from);
  for (const [index, target] of planesOf(to).entries()) {
    const source = sources[index]!;
    for (let y = 0; y < target.height; y++)
      for (let x = 0; x < target.width; x++) {
        const [column, row] = origin(x, y, source, target);
        const at = source.at + (row * source.width + column) * source.bytes;
        bytes.set(from.data.subarray(at, at + source.bytes), target.at + (y * target.width + x) * target.bytes);
      }
  }
  return bytes;
}
