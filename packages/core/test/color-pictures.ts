import { type ColorFormat, type ColorSpace, colorFormats, colorSpaces, videoByteLength } from '../src/index.ts';
import type { Picture } from '../src/kernels/color/picture.ts';
import { seededRandom } from '../src/testing/index.ts';

/** A picture of noise. Its bytes are extremes in a third of all cases: sums overflow there first. */
export function noise(format: ColorFormat, width: number, height: number, seed = 1, colorSpace?: ColorSpace): Picture {
  const random = seededRandom(seed);
  const data = new Uint8Array(videoByteLength({ width, height, format }));
  const extremes = seed % 3 === 0;
  for (let i = 0; i < data.length; i++) data[i] = extremes ? (random() < 0.5 ? 0 : 255) : Math.floor(random() * 256);
  return { width, height, format, data, ...(colorSpace && { colorSpace }) };
}

export interface Conversion {
  readonly from: ColorFormat;
  readonly to: ColorFormat;
  /** Of the I420 sides. */
  readonly fromSpace?: ColorSpace;
  readonly toSpace?: ColorSpace;
}

/** Every pair of unlike formats and colour spaces. */
export const conversions: readonly Conversion[] = [
  ...colorFormats.flatMap((from) =>
    colorFormats.flatMap((to): Conversion[] => {
      if (from === to) return [];
      if (from === 'I420') return colorSpaces.map((fromSpace) => ({ from, to, fromSpace }));
      if (to === 'I420') return colorSpaces.map((toSpace) => ({ from, to, toSpace }));
      return [{ from, to }];
    }),
  ),
  ...colorSpaces.flatMap((fromSpace) =>
    colorSpaces
      .filter((toSpace) => toSpace !== fromSpace)
      .map((toSpace) => ({ from: 'I420', to: 'I420', fromSpace, toSpace }) as const),
  ),
];

export function describeConversion({ from, to, fromSpace, toSpace }: Conversion): string {
  return [from, fromSpace, '->', to, toSpace].filter((part) => part !== undefined).join(' ');
}

/** What a converter makes of a picture. */
export function converted(
  by: (from: Picture, to: Picture) => void,
  from: Picture,
  format: ColorFormat,
  colorSpace?: ColorSpace,
): Picture {
  const { width, height } = from;
  const data = new Uint8Array(videoByteLength({ width, height, format })).fill(77);
  const to = { width, height, format, data, ...(colorSpace && { colorSpace }) };
  by(from, to);
  return to;
}
