import type { Picture } from '../../kernels/color/picture.ts';
import type { ColorFormat, ColorSpace } from '../../media/color-format.ts';

type Packed = Exclude<ColorFormat, 'I420'>;

/** Offsets of red, green, blue and alpha in a pixel; alpha -1 where there is none. */
const layouts: Readonly<Record<Packed, readonly [number, number, number, number]>> = {
  RGBA: [0, 1, 2, 3],
  RGB: [0, 1, 2, -1],
  ARGB: [1, 2, 3, 0],
  ABGR: [3, 2, 1, 0],
  BGRA: [2, 1, 0, 3],
};

/** Weights of red and blue in luma (ITU-R BT.601-7 2.5.1, BT.709-6 3.2), and the ranges. */
function coefficients(colorSpace: ColorSpace = 'bt601') {
  const [kr, kb] = colorSpace.startsWith('bt601') ? [0.299, 0.114] : [0.2126, 0.0722];
  const full = colorSpace.endsWith('-full');
  return { kr, kb, kg: 1 - kr - kb, offset: full ? 0 : 16, luma: full ? 1 : 219 / 255, chroma: full ? 1 : 224 / 255 };
}

const clamp = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : Math.round(value));

/**
 * What colour conversion is measured against: every pixel by the formulas of ITU-R BT.601 and BT.709 in floating point,
 * plain and slow. It fills `to`, which has the size of `from`. To I420 each chroma sample is the mean of 2 x 2 pixels
 * (at odd edges the last column or row counts twice), from I420 each is repeated; between two colour spaces of I420 the
 * way leads through RGB of 8 bits. `convertColor` stays within 1 level of it (2 between colour spaces).
 *
 * @example
 * ```ts
 * const expected = shown.writable(videoFramePool);
 * referenceConvertColor(original, expected);
 * expect(psnr(expected, shown).maxError).toBeLessThanOrEqual(1);
 * ```
 */
export function referenceConvertColor(from: Picture, to: Picture): void {
  if (from.format === 'I420' && to.format === 'I420') return throughRgb(from, to);
  if (from.format === 'I420') return fromI420(from, to, layouts[to.format as Packed]);
  if (to.format === 'I420') return toI420(from, to, layouts[from.format]);
  const [a, b] = [layouts[from.format], layouts[to.format]];
  const [stepA, stepB] = [from.format === 'RGB' ? 3 : 4, to.format === 'RGB' ? 3 : 4];
  for (let i = 0, p = 0, q = 0; i < from.width * from.height; i++, p += stepA, q += stepB) {
    for (let channel = 0; channel < 3; channel++) to.data[q + b[channel]!] = from.data[p + a[channel]!]!;
    if (b[3] >= 0) to.data[q + b[3]] = a[3] < 0 ? 255 : from.data[p + a[3]]!;
  }
}

function throughRgb(from: Picture, to: Picture): void {
  const { width, height } = from;
  const rgb = { width, height, format: 'RGB', data: new Uint8Array(width * height * 3) } as const;
  fromI420(from, rgb, layouts.RGB);
  toI420(rgb, to, layouts.RGB);
}

function toI420(from: Picture, to: Picture, [r, g, b]: readonly [number, number, number, number]): void {
  const { width, height, data } = from;
  const step = from.format === 'RGB' ? 3 : 4;
  const { kr, kg, kb, offset, luma, chroma } = coefficients(to.colorSpace);
  const half = (width + 1) >> 1;
  const u = width * height;
  const v = u + half * ((height + 1) >> 1);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const p = (y * width + x) * step;
      to.data[y * width + x] = clamp(offset + luma * (kr * data[p + r]! + kg * data[p + g]! + kb * data[p + b]!));
    }
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2) {
      const sum = [0, 0, 0];
      for (const [dx, dy] of [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ] as const) {
        const p = (Math.min(y + dy, height - 1) * width + Math.min(x + dx, width - 1)) * step;
        sum[0]! += data[p + r]! / 4;
        sum[1]! += data[p + g]! / 4;
        sum[2]! += data[p + b]! / 4;
      }
      const light = kr * sum[0]! + kg * sum[1]! + kb * sum[2]!;
      const index = (y >> 1) * half + (x >> 1);
      to.data[u + index] = clamp(128 + (chroma * (sum[2]! - light)) / (2 - 2 * kb));
      to.data[v + index] = clamp(128 + (chroma * (sum[0]! - light)) / (2 - 2 * kr));
    }
}

function fromI420(from: Picture, to: Picture, [r, g, b, a]: readonly [number, number, number, number]): void {
  const { width, height, data } = from;
  const step = to.format === 'RGB' ? 3 : 4;
  const { kr, kg, kb, offset, luma, chroma } = coefficients(from.colorSpace);
  const half = (width + 1) >> 1;
  const uAt = width * height;
  const vAt = uAt + half * ((height + 1) >> 1);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const index = (y >> 1) * half + (x >> 1);
      const light = (data[y * width + x]! - offset) / luma;
      const u = (data[uAt + index]! - 128) / chroma;
      const v = (data[vAt + index]! - 128) / chroma;
      const red = light + (2 - 2 * kr) * v;
      const blue = light + (2 - 2 * kb) * u;
      const q = (y * width + x) * step;
      to.data[q + r] = clamp(red);
      to.data[q + b] = clamp(blue);
      to.data[q + g] = clamp((light - kr * red - kb * blue) / kg);
      if (a >= 0) to.data[q + a] = 255;
    }
}
