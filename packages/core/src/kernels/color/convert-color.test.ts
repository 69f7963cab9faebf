import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversions, converted, describeConversion, noise } from '../../../test/color-pictures.ts';
import { scalarConvertColor } from '../../../test/scalar-color.ts';
import { type ColorFormat, colorFormats, colorSpaces } from '../../media/color-format.ts';
import { psnr } from '../../testing/pictures/psnr.ts';
import { referenceConvertColor } from '../../testing/pictures/reference-convert-color.ts';
import { convertColor } from './convert-color.ts';
import type { Picture } from './picture.ts';

const sizes = Array.from({ length: 81 }, (_, index) => [1 + (index % 9), 1 + Math.floor(index / 9)] as const);
const packed = colorFormats.filter((format) => format !== 'I420');

/** A picture of one colour, in RGB. */
function plain(rgb: readonly [number, number, number], width = 5, height = 3): Picture {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => rgb[index % 3]!);
  return { width, height, format: 'RGB', data };
}

describe('convertColor', () => {
  describe.each(conversions.map((conversion) => [describeConversion(conversion), conversion] as const))(
    '%s',
    (_, { from, to, fromSpace, toSpace }) => {
      const limit = from === 'I420' && to === 'I420' ? 2 : from === 'I420' || to === 'I420' ? 1 : 0;

      it('equals the integer formula bit by bit, in all small sizes', () => {
        for (const [index, [width, height]] of sizes.entries()) {
          const picture = noise(from, width, height, index, fromSpace);
          expect(converted(convertColor, picture, to, toSpace)).toEqual(
            converted(scalarConvertColor, picture, to, toSpace),
          );
        }
      });

      it(`stays within ${limit} of the reference in floating point, in any size`, () => {
        fc.assert(
          fc.property(
            fc.integer({ min: 1, max: 70 }),
            fc.integer({ min: 1, max: 40 }),
            fc.nat(),
            (width, height, seed) => {
              const picture = noise(from, width, height, seed, fromSpace);
              const result = converted(convertColor, picture, to, toSpace);
              expect(result).toEqual(converted(scalarConvertColor, picture, to, toSpace));
              expect(psnr(converted(referenceConvertColor, picture, to, toSpace), result).maxError).toBeLessThanOrEqual(
                limit,
              );
            },
          ),
          { numRuns: 25 },
        );
      });
    },
  );

  it('equals the integer formula across bands, in wide and in high pictures', () => {
    for (const [width, height] of [
      [4_099, 11],
      [16_384, 3],
      [37, 1_501],
      [1, 16_384],
    ] as const)
      for (const [from, to, toSpace] of [
        ['BGRA', 'I420'],
        ['RGB', 'I420'],
        ['I420', 'ARGB'],
        ['I420', 'RGB'],
        ['I420', 'I420', 'bt709'],
        ['RGB', 'ABGR'],
        ['ABGR', 'RGB'],
      ] as const) {
        const picture = noise(from, width, height);
        const expected = converted(scalarConvertColor, picture, to, toSpace);
        expect(Buffer.compare(converted(convertColor, picture, to, toSpace).data, expected.data)).toBe(0);
      }
  });

  it.each([
    // ITU-R BT.601-7 and BT.709-6 at 100 %, rounded.
    ['bt601', [255, 255, 255], [235, 128, 128]],
    ['bt601', [0, 0, 0], [16, 128, 128]],
    ['bt601', [255, 0, 0], [81, 90, 240]],
    ['bt601', [0, 255, 0], [145, 54, 34]],
    ['bt601', [0, 0, 255], [41, 240, 110]],
    ['bt709', [255, 255, 255], [235, 128, 128]],
    ['bt709', [255, 0, 0], [63, 102, 240]],
    ['bt709', [0, 255, 0], [173, 42, 26]],
    ['bt709', [0, 0, 255], [32, 240, 118]],
    ['bt601-full', [255, 255, 255], [255, 128, 128]],
    ['bt601-full', [255, 0, 0], [76, 85, 255]],
    ['bt709-full', [0, 0, 255], [18, 255, 116]],
  ] as const)('%s: %j is %j and back', (colorSpace, rgb, yuv) => {
    const planes = converted(convertColor, plain(rgb), 'I420', colorSpace);
    expect([planes.data[0], planes.data[15], planes.data[21]]).toEqual(yuv);
    const back = converted(convertColor, planes, 'RGB');
    expect(psnr(plain(rgb), back).maxError).toBeLessThanOrEqual(2);
  });

  it.each(colorSpaces)('%s: every grey stays grey, and comes back within a level', (colorSpace) => {
    for (let level = 0; level < 256; level++) {
      const grey = plain([level, level, level], 2, 2);
      const planes = converted(convertColor, grey, 'I420', colorSpace);
      expect([...planes.data.subarray(4)]).toEqual([128, 128]);
      const [red, green, blue] = converted(convertColor, planes, 'RGB').data;
      expect([green, blue]).toEqual([red, red]);
      expect(Math.abs(red! - level)).toBeLessThanOrEqual(1);
    }
  });

  it('clamps luma and chroma that no colour has', () => {
    for (const colorSpace of colorSpaces)
      for (const y of [0, 255])
        for (const u of [0, 255])
          for (const v of [0, 255]) {
            const planes: Picture = {
              width: 2,
              height: 2,
              format: 'I420',
              colorSpace,
              data: Uint8Array.of(y, y, y, y, u, v),
            };
            const expected = converted(referenceConvertColor, planes, 'RGBA');
            expect(psnr(expected, converted(convertColor, planes, 'RGBA')).maxError).toBeLessThanOrEqual(1);
          }
  });

  it('comes back from I420 nearly as it went, where colours change slowly', () => {
    const [width, height] = [160, 90];
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) data.set([x + 40, 2 * y + 20, 220 - x], (y * width + x) * 3);
    const picture: Picture = { width, height, format: 'RGB', data };
    for (const format of packed)
      for (const colorSpace of colorSpaces) {
        const there = converted(convertColor, converted(convertColor, picture, format), 'I420', colorSpace);
        expect(psnr(picture, converted(convertColor, there, 'RGB')).overall).toBeGreaterThan(45);
        for (const other of colorSpaces) {
          const recoded = converted(convertColor, there, 'I420', other);
          expect(psnr(picture, converted(convertColor, recoded, 'RGB')).overall).toBeGreaterThan(43);
        }
      }
  });

  it('keeps alpha between formats that have it, and makes new alpha opaque', () => {
    const alphaOf = { RGBA: 3, BGRA: 3, ARGB: 0, ABGR: 0 } as const;
    const formats = Object.keys(alphaOf) as (keyof typeof alphaOf)[];
    const alphas = ({ data }: Picture, format: keyof typeof alphaOf) =>
      [...data].filter((_, index) => index % 4 === alphaOf[format]);
    for (const from of formats) {
      const picture = noise(from, 7, 5);
      for (const to of formats) expect(alphas(converted(convertColor, picture, to), to)).toEqual(alphas(picture, from));
    }
    for (const from of ['RGB', 'I420'] as const)
      for (const to of formats)
        expect(new Set(alphas(converted(convertColor, noise(from, 7, 5), to), to))).toEqual(new Set([255]));
  });

  it('takes alpha as if it were not there on the way to I420 and RGB', () => {
    const opaque = noise('RGBA', 9, 5);
    const clear = { ...opaque, data: opaque.data.map((byte, index) => (index % 4 === 3 ? 255 - byte : byte)) };
    for (const to of ['I420', 'RGB'] as const)
      expect(converted(convertColor, clear, to)).toEqual(converted(convertColor, opaque, to));
  });

  it('copies where nothing is to be done, and takes the default colour space for the same as its name', () => {
    for (const format of colorFormats) {
      const picture = noise(format, 3, 3);
      expect(converted(convertColor, picture, format, 'bt601').data).toEqual(picture.data);
    }
    const rgb = noise('RGB', 3, 3, 1, 'bt709');
    expect(converted(convertColor, rgb, 'RGB', 'bt601-full').data).toEqual(rgb.data);
  });

  it('reads and writes views inside larger arrays, and nothing beside them', () => {
    const framed = (picture: Picture) => {
      const whole = new Uint8Array(picture.data.length + 24).fill(99);
      whole.set(picture.data, 13);
      return { whole, picture: { ...picture, data: whole.subarray(13, 13 + picture.data.length) } };
    };
    for (const { from, to, fromSpace, toSpace } of conversions) {
      const source = framed(noise(from, 19, 5, 2, fromSpace));
      const expected = converted(convertColor, noise(from, 19, 5, 2, fromSpace), to, toSpace);
      const target = framed({ ...expected, data: new Uint8Array(expected.data.length) });
      convertColor(source.picture, target.picture);
      expect(target.whole).toEqual(framed(expected).whole);
    }
  });

  it('refuses another size and bytes that do not fit', () => {
    const rgb = noise('RGB', 4, 2);
    expect(() => convertColor(rgb, noise('RGBA', 2, 4))).toThrow(/^to is not valid; expected a picture of 4x2/);
    const short = (format: ColorFormat) => ({ ...noise(format, 4, 2), data: new Uint8Array(5) });
    expect(() => convertColor(short('RGB'), noise('RGBA', 4, 2))).toThrow(/24 bytes for 4x2 RGB/);
    expect(() => convertColor(rgb, short('I420'))).toThrow(/12 bytes for 4x2 I420/);
  });
});
