import { type ColorFormat, colorFormats, colorSpaces } from '@sluice/core';
import { convertColor, type Picture } from '@sluice/core/kernels';
import { psnr } from '@sluice/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noisePicture } from '../../../test/noise-picture.ts';
import { adjustLight, greyOut } from './tone.ts';

const copy = (picture: Picture): Picture => ({ ...picture, data: picture.data.slice() });
const clamp = (value: number) => Math.min(Math.max(value, 0), 255);
/** Where the bytes of a pixel lie, as its format reads. */
const place = (format: ColorFormat, letter: string) => format.indexOf(letter);
const pixelBytes = (format: ColorFormat) => format.length;
const packed = colorFormats.filter((format) => format !== 'I420');

const cases = fc.record({
  width: fc.integer({ min: 1, max: 70 }),
  height: fc.integer({ min: 1, max: 9 }),
  seed: fc.nat(),
  factor: fc.double({ min: 0, max: 4, noNaN: true }),
  offset: fc.double({ min: -1, max: 1, noNaN: true }),
});

describe('adjustLight', () => {
  it.each(packed)('is the formula within half a level and a rounding, and keeps alpha, in %s', (format) => {
    fc.assert(
      fc.property(cases, ({ width, height, seed, factor, offset }) => {
        const before = noisePicture(format, width, height, seed);
        const after = copy(before);
        adjustLight(after, { factor, offset });
        const alpha = place(format, 'A');
        const furthest = after.data.reduce((most, got, at) => {
          const own = before.data[at]!;
          const exact = at % pixelBytes(format) === alpha ? own : clamp(own * factor + offset * 255);
          return Math.max(most, Math.abs(got - exact));
        }, 0);
        expect(furthest).toBeLessThanOrEqual(0.55);
      }),
    );
  });

  it.each(colorSpaces)('changes I420 in %s as it changes RGB, where nothing is cut off', (colorSpace) => {
    const size = { width: 32, height: 16, format: 'RGB' } as const;
    // Blocks of two by two pixels, so that chroma has nothing to lose; colours that stay inside.
    const data = Uint8Array.from({ length: 32 * 16 * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      const block = ((pixel % 32) >> 1) + 16 * Math.floor(pixel / 64);
      return 70 + ((block * 37 + (at % 3) * 53) % 80);
    });
    const rgb: Picture = { ...size, data };
    const yuv = noisePicture('I420', 32, 16, 1, colorSpace);
    convertColor(rgb, yuv);
    for (const light of [
      { factor: 1.4, offset: 0 },
      { factor: 0.5, offset: 0.2 },
      { factor: 1, offset: -0.2 },
    ]) {
      const [lit, expected] = [copy(yuv), copy(rgb)];
      adjustLight(lit, light);
      adjustLight(expected, light);
      const back = copy(rgb);
      convertColor(lit, back);
      expect(psnr(expected, back).maxError).toBeLessThanOrEqual(4);
      expect(psnr(expected, back).overall).toBeGreaterThan(45);
    }
  });

  it('takes pictures of many bands, and leaves what it does not change', () => {
    const picture = noisePicture('RGB', 701, 301, 2);
    const after = copy(picture);
    adjustLight(after, { factor: 1, offset: 0 });
    expect(Buffer.compare(after.data, picture.data)).toBe(0);
    adjustLight(after, { factor: 0, offset: 1 });
    expect(new Set(after.data)).toEqual(new Set([255]));
  });

  it('refuses what its sums have no room for', () => {
    const picture = noisePicture('RGB', 1, 1, 2);
    for (const light of [
      { factor: 4.1, offset: 0 },
      { factor: -1, offset: 0 },
      { factor: Number.NaN, offset: 0 },
      { factor: 1, offset: 2 },
    ])
      expect(() => adjustLight(picture, light)).toThrow(RangeError);
  });
});

describe('greyOut', () => {
  it.each(packed)('is the luma of BT.601 within half a level, and keeps alpha, in %s', (format) => {
    fc.assert(
      fc.property(cases, ({ width, height, seed }) => {
        const before = noisePicture(format, width, height, seed);
        const after = copy(before);
        greyOut(after);
        const bytes = pixelBytes(format);
        const [red, green, blue, alpha] = ['R', 'G', 'B', 'A'].map((letter) => place(format, letter));
        const furthest = after.data.reduce((most, got, at) => {
          const first = at - (at % bytes);
          const of = (part: number | undefined) => before.data[first + part!]!;
          const exact = at % bytes === alpha ? of(alpha) : 0.299 * of(red) + 0.587 * of(green) + 0.114 * of(blue);
          return Math.max(most, Math.abs(got - exact));
        }, 0);
        expect(furthest).toBeLessThanOrEqual(0.51);
      }),
    );
  });

  it('keeps the luma of I420 and nothing else', () => {
    const before = noisePicture('I420', 7, 5, 4);
    const after = copy(before);
    greyOut(after);
    expect(after.data.subarray(0, 35)).toEqual(before.data.subarray(0, 35));
    expect(new Set(after.data.subarray(35))).toEqual(new Set([128]));
  });
});
