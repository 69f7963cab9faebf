import { bytesPerPixel, type VideoFrame } from '@sluice/core';
import { alphaPlace, convertColor, type Picture } from '@sluice/core/kernels';
import { type BlendSource, blend } from '../../kernels/video/blend.ts';
import type { Raster } from './raster.ts';
import { type ChromaGrid, chromaPlanes } from './stamp-chroma.ts';

/** Positions whose chroma is kept: the four ways to lie on the pairs of pixels, and as many at odd edges. */
const MOST_GRIDS = 8;

type Plane = Omit<BlendSource, 'at'>;

/**
 * A raster that is laid over pictures. It is converted to their format when that is met, and kept so; with I420, colour
 * and opacity of the chroma planes are means over the pixels that share a chroma sample, weighted by their opacity, so
 * that hidden colours do not bleed and odd positions are as sharp as even ones. Over pixels with an alpha of their own it is
 * composited.
 */
export class Stamp {
  readonly width: number;
  readonly height: number;
  readonly #raster: Raster;
  #format: Pick<Picture, 'format' | 'colorSpace'> | undefined;
  /** The only plane of packed formats, the luma of I420. */
  #plane: Plane = { data: new Uint8Array(0), stride: 0 };
  readonly #chroma = new Map<string, readonly [u: Plane, v: Plane]>();

  constructor(raster: Raster) {
    this.width = raster.width;
    this.height = raster.height;
    this.#raster = raster;
  }

  /** Whether any of it is inside a picture of that size. */
  covers({ width, height }: VideoFrame, x: number, y: number): boolean {
    return x < width && y < height && x + this.width > 0 && y + this.height > 0;
  }

  /** Lays it on a frame that may be written to, its top left at `x`, `y`; what is outside the picture is cut off. */
  draw(onto: VideoFrame, x: number, y: number, opacity: number): void {
    this.#meet(onto);
    const [left, top] = [Math.max(x, 0), Math.max(y, 0)];
    const [right, bottom] = [Math.min(x + this.width, onto.width), Math.min(y + this.height, onto.height)];
    if (right <= left || bottom <= top) return;
    const step = onto.format === 'I420' ? 1 : bytesPerPixel(onto.format);
    const under = { data: onto.data, at: (top * onto.width + left) * step, stride: onto.width * step };
    const at = ((top - y) * this.width + left - x) * step;
    blend(under, { ...this.#plane, at }, (right - left) * step, bottom - top, opacity);
    if (onto.format === 'I420') this.#drawChroma(onto, { x, y, left, top, right, bottom }, opacity);
  }

  #drawChroma(
    { data, width, height }: VideoFrame,
    { x, y, left, top, right, bottom }: Readonly<Record<'x' | 'y' | 'left' | 'top' | 'right' | 'bottom', number>>,
    opacity: number,
  ): void {
    // The last column and row of an odd picture have chroma samples of their own.
    const lone = (odd: boolean, edge: number, size: number) => (odd && edge >= 0 && edge < size ? edge : -1);
    const planes = this.#grid({
      oddX: x & 1,
      oddY: y & 1,
      loneColumn: lone((width & 1) === 1, width - 1 - x, this.width),
      loneRow: lone((height & 1) === 1, height - 1 - y, this.height),
    });
    const [half, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1];
    const [columns, rows] = [((right + 1) >> 1) - (left >> 1), ((bottom + 1) >> 1) - (top >> 1)];
    let plane = width * height;
    for (const source of planes) {
      const under = { data, at: plane + (top >> 1) * half + (left >> 1), stride: half };
      const at = ((top >> 1) - (y >> 1)) * source.stride + (left >> 1) - (x >> 1);
      blend(under, { ...source, at }, columns, rows, opacity);
      plane += half * halfHeight;
    }
  }

  #grid(grid: ChromaGrid): readonly [Plane, Plane] {
    const key = `${grid.oddX} ${grid.oddY} ${grid.loneColumn} ${grid.loneRow}`;
    let planes = this.#chroma.get(key);
    if (planes === undefined) {
      if (this.#chroma.size === MOST_GRIDS) this.#chroma.clear();
      planes = chromaPlanes(this.#raster, grid, this.#format?.colorSpace);
      this.#chroma.set(key, planes);
    }
    return planes;
  }

  #meet({ format, colorSpace }: VideoFrame): void {
    if (this.#format?.format === format && (format !== 'I420' || this.#format.colorSpace === colorSpace)) return;
    this.#format = { format, colorSpace };
    this.#chroma.clear();
    const { width, height, data } = this.#raster;
    const rgba = { width, height, format: 'RGBA', data } as const;
    const pixels = width * height;
    if (format === 'I420') {
      const picture = new Uint8Array(pixels + 2 * ((width + 1) >> 1) * ((height + 1) >> 1));
      convertColor(rgba, { width, height, format, colorSpace, data: picture });
      const alpha = new Uint8Array(pixels);
      for (let pixel = 0; pixel < pixels; pixel++) alpha[pixel] = data[4 * pixel + 3]!;
      this.#plane = { data: picture.subarray(0, pixels), alpha, stride: width };
      return;
    }
    const step = bytesPerPixel(format);
    const picture = new Uint8Array(pixels * step);
    convertColor(rgba, { width, height, format, data: picture });
    const place = alphaPlace(format);
    const alpha = place === undefined ? { alpha: spread(data) } : { alphaPlace: place };
    this.#plane = { data: picture, ...alpha, stride: width * step };
  }
}

/** An opacity for each byte of RGB. */
function spread(rgba: Uint8Array): Uint8Array {
  const alpha = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 3, to = 0; to < alpha.length; from += 4, to += 3) alpha.fill(rgba[from]!, to, to + 3);
  return alpha;
}
