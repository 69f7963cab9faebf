import { bytesPerPixel, type ColorFormat, type ColorSpace } from '@sluice/core';
import { convertColor, type Picture } from '@sluice/core/kernels';
import type { Region } from './pattern-layout.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

/** Draws rectangles straight into a picture of any format. What is drawn in grey touches only the luma of I420. */
export class PatternCanvas {
  readonly #picture: Picture;
  /** Bytes of a pixel in the first plane. */
  readonly #step: number;
  readonly #luma: (level: number) => number;
  /** The same memory, a pixel an element; undefined where pixels are not four bytes. */
  readonly #pixels: Uint32Array | undefined;
  /** Black as an element, and what each level adds. */
  readonly #black: number;
  readonly #unit: number;

  constructor(picture: Picture) {
    const { data, format, colorSpace = 'bt601' } = picture;
    this.#picture = picture;
    this.#step = format === 'I420' ? 1 : bytesPerPixel(format);
    this.#luma =
      format !== 'I420' || colorSpace.endsWith('-full')
        ? (level) => level
        : (level) => 16 + Math.round((level * 219) / 255);
    this.#pixels = this.#step === 4 ? new Uint32Array(data.buffer, data.byteOffset, data.length / 4) : undefined;
    this.#black = greyPixel(format, 0);
    this.#unit = greyPixel(format, 1) - this.#black;
  }

  /** A part of one row in grey, 0 to 255. */
  span(y: number, left: number, right: number, level: number): void {
    const { width, data } = this.#picture;
    const at = y * width;
    if (this.#pixels === undefined) data.fill(this.#luma(level), (at + left) * this.#step, (at + right) * this.#step);
    else this.#pixels.fill(this.#black + this.#unit * level, at + left, at + right);
  }

  /** Copies a part of row `top` into the rows below it. */
  repeat(top: number, bottom: number, left: number, right: number): void {
    const { width, data } = this.#picture;
    const from = (top * width + left) * this.#step;
    const length = (right - left) * this.#step;
    for (let y = top + 1; y < bottom; y++) data.copyWithin((y * width + left) * this.#step, from, from + length);
  }

  /** A rectangle in grey. */
  grey({ left, top, right, bottom }: Region, level: number): void {
    if (bottom <= top || right <= left) return;
    this.span(top, left, right, level);
    this.repeat(top, bottom, left, right);
  }

  /** A rectangle in colour. */
  color({ left, top, right, bottom }: Region, rgb: Rgb): void {
    const { width, height, data, format, colorSpace } = this.#picture;
    const pixel = pixelOf(rgb, format, colorSpace);
    if (format === 'I420') {
      const half = (width + 1) >> 1;
      let chroma = width * height;
      for (let y = top; y < bottom; y++) data.fill(pixel[0]!, y * width + left, y * width + right);
      for (const value of pixel.slice(4)) {
        for (let y = top >> 1; y < (bottom + 1) >> 1; y++)
          data.fill(value, chroma + y * half + (left >> 1), chroma + y * half + ((right + 1) >> 1));
        chroma += half * ((height + 1) >> 1);
      }
      return;
    }
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) data.set(pixel, (y * width + x) * this.#step);
  }
}

/** An opaque grey pixel as an array of four-byte elements holds it: the machine's byte order decides. */
function greyPixel(format: ColorFormat, level: number): number {
  const bytes = new Uint8Array(4).fill(level);
  bytes[format === 'ARGB' || format === 'ABGR' ? 0 : 3] = 255;
  return new Uint32Array(bytes.buffer)[0]!;
}

/** One pixel in the format's bytes; of I420 two by two: four of luma, then the chroma. */
function pixelOf(rgb: Rgb, format: ColorFormat, colorSpace: ColorSpace | undefined): Uint8Array {
  const size = { width: 2, height: 2 };
  const from = { ...size, format: 'RGB', data: Uint8Array.from([...rgb, ...rgb, ...rgb, ...rgb]) } as const;
  const step = format === 'I420' ? 1.5 : bytesPerPixel(format);
  const data = new Uint8Array(4 * step);
  convertColor(from, { ...size, format, data, ...(colorSpace === undefined ? {} : { colorSpace }) });
  return format === 'I420' ? data : data.slice(0, step);
}
