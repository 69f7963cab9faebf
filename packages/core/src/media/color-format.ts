import { invalidArgument } from '../errors.ts';

/** How the pixels of a picture may lie in memory, by the order of their bytes. */
export const colorFormats = ['RGBA', 'RGB', 'ARGB', 'ABGR', 'BGRA', 'I420'] as const;
/**
 * How pixels lie in memory, byte by byte as the name reads. `I420` is planar: luma, then the two chroma planes at half
 * the width and height, each rounded up.
 */
export type ColorFormat = (typeof colorFormats)[number];

/** Matrix and range of I420: BT.601 or BT.709, each limited or full. */
export const colorSpaces = ['bt601', 'bt601-full', 'bt709', 'bt709-full'] as const;
/**
 * What luma and chroma mean: the matrix of ITU-R BT.601 or BT.709, in limited range (16 to 235, 16 to 240) or full
 * range (0 to 255). In a call VP8 is `bt601`, VP9 and AV1 are `bt709`. It says nothing about the RGB formats, which are full range.
 */
export type ColorSpace = (typeof colorSpaces)[number];

/** Whether it is one of {@link colorFormats}. */
export function isColorFormat(format: unknown): format is ColorFormat {
  return (colorFormats as readonly unknown[]).includes(format);
}

/** Refuses what is none of {@link colorFormats}; `name` is the option that the message blames. */
export function checkColorFormat(format: unknown, name = 'format'): asserts format is ColorFormat {
  if (!isColorFormat(format)) throw invalidArgument(name, `one of ${colorFormats.join(', ')}`, format);
}

/** Refuses what is none of {@link colorSpaces}; `name` is the option that the message blames. */
export function checkColorSpace(colorSpace: unknown, name = 'colorSpace'): asserts colorSpace is ColorSpace {
  if (!(colorSpaces as readonly unknown[]).includes(colorSpace))
    throw invalidArgument(name, `one of ${colorSpaces.join(', ')}`, colorSpace);
}

/** Bytes of one pixel of a packed format. */
export function bytesPerPixel(format: Exclude<ColorFormat, 'I420'>): 3 | 4 {
  return format === 'RGB' ? 3 : 4;
}
