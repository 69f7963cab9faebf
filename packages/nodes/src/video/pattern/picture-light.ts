import { bytesPerPixel } from '@sluice/core';
import type { Picture } from '@sluice/core/kernels';
import type { Region } from './pattern-layout.ts';

/** How many points a cell is measured at in each direction, at most. */
const POINTS = 8;

/** Where red and green are in a pixel; blue is not needed to tell black from white. */
const offsets = { RGBA: 0, RGB: 0, ARGB: 1, ABGR: 2, BGRA: 1 } as const;

/** Measures how light places in a part of a picture are, whatever its size and format. */
export class PictureLight {
  readonly #picture: Picture;
  readonly #step: number;
  readonly #offset: number;
  readonly #part: Region;

  constructor(picture: Picture, part: Region) {
    this.#picture = picture;
    this.#part = part;
    this.#step = picture.format === 'I420' ? 1 : bytesPerPixel(picture.format);
    this.#offset = picture.format === 'I420' ? -1 : offsets[picture.format];
  }

  /** Mean light from 0 to 255 of the middle of a place given in fractions of the part: its edges are blurred. */
  middle(left: number, top: number, right: number, bottom: number): number {
    const [x0, x1] = inner(left, right, this.#part.left, this.#part.right);
    const [y0, y1] = inner(top, bottom, this.#part.top, this.#part.bottom);
    const stepX = Math.max(Math.floor((x1 - x0) / POINTS), 1);
    const stepY = Math.max(Math.floor((y1 - y0) / POINTS), 1);
    let sum = 0;
    let count = 0;
    for (let y = y0; y < y1; y += stepY)
      for (let x = x0; x < x1; x += stepX) {
        sum += this.#at(x, y);
        count++;
      }
    return sum / count;
  }

  #at(x: number, y: number): number {
    const { data, width } = this.#picture;
    const pixel = (y * width + x) * this.#step;
    if (this.#offset < 0) return data[pixel]!;
    return (data[pixel + this.#offset]! + data[pixel + this.#offset + 1]!) / 2;
  }
}

/** The middle half from one fraction of a stretch to another, at least one pixel. */
function inner(from: number, to: number, begin: number, end: number): readonly [number, number] {
  const quarter = ((to - from) * (end - begin)) / 4;
  const first = Math.min(Math.round(begin + from * (end - begin) + quarter), end - 1);
  return [first, Math.max(Math.round(begin + to * (end - begin) - quarter), first + 1)];
}
