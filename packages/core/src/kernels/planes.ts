import { bytesPerPixel, type ColorFormat } from '../media/color-format.ts';
import type { VideoFormat } from '../media/video-format.ts';

/** Rows of elements in the bytes of a picture: its pixels, or one plane of I420. */
export interface Plane {
  /** Index of the first byte. */
  readonly at: number;
  /** Elements in a row, without padding. */
  readonly width: number;
  /** Number of rows. */
  readonly height: number;
  /** Of an element. */
  readonly bytes: 1 | 3 | 4;
  /** Pixels that an element covers in each direction; the last ones of odd sizes cover fewer. */
  readonly covers: 1 | 2;
  /** Which byte of an element is its alpha, where it has one. */
  readonly alpha?: AlphaPlace | undefined;
}

/** The first byte of a pixel or the last. */
export type AlphaPlace = 0 | 3;

const alphaPlaces: Readonly<Partial<Record<ColorFormat, AlphaPlace>>> = { RGBA: 3, BGRA: 3, ARGB: 0, ABGR: 0 };

/** Where a format has its alpha; undefined where it has none. */
export function alphaPlace(format: ColorFormat): AlphaPlace | undefined {
  return alphaPlaces[format];
}

/** The planes of a picture, in the order of its bytes: three of I420, else one. */
export function planesOf({ width, height, format }: VideoFormat): readonly Plane[] {
  if (format !== 'I420') {
    return [{ at: 0, width, height, bytes: bytesPerPixel(format), covers: 1, alpha: alphaPlace(format) }];
  }
  const chroma = { width: (width + 1) >> 1, height: (height + 1) >> 1, bytes: 1, covers: 2 } as const;
  const u = width * height;
  return [
    { at: 0, width, height, bytes: 1, covers: 1 },
    { ...chroma, at: u },
    { ...chroma, at: u + chroma.width * chroma.height },
  ];
}
