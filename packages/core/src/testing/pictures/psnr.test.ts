import { AssertionError } from 'node:assert';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Picture } from '../../kernels/color/picture.ts';
import { type ColorFormat, colorFormats } from '../../media/color-format.ts';
import { videoByteLength } from '../../media/video-format.ts';
import { seededRandom } from '../sound/test-signals.ts';
import { expectPsnr } from './picture-assertions.ts';
import { psnr } from './psnr.ts';

function picture(format: ColorFormat, width = 5, height = 3, seed = 1): Picture {
  const random = seededRandom(seed);
  const data = new Uint8Array(videoByteLength({ width, height, format }));
  for (let index = 0; index < data.length; index++) data[index] = Math.floor(random() * 256);
  return { width, height, format, data };
}

/** Each byte `by` further from where it was, inside its range. */
function moved(from: Picture, by: number, at: (index: number) => boolean = () => true): Picture {
  const move = (value: number) => (value < 128 ? value + by : value - by);
  return { ...from, data: from.data.map((value, index) => (at(index) ? move(value) : value)) };
}

describe('psnr', () => {
  it.each(colorFormats)('is infinite for equal pictures: %s', (format) => {
    const planes = format === 'I420' ? ['y', 'u', 'v'] : ['r', 'g', 'b'];
    expect(psnr(picture(format), picture(format))).toEqual({
      overall: Number.POSITIVE_INFINITY,
      planes: Object.fromEntries(planes.map((name) => [name, Number.POSITIVE_INFINITY])),
      maxError: 0,
    });
  });

  it.each(colorFormats)('is what the definition says for a known error: %s', (format) => {
    // A mean squared error of 1 is 48.13 dB, one of 25 is 34.15 dB.
    for (const [by, db] of [[1, 48.1308] as const, [5, 34.1514] as const]) {
      const measured = psnr(picture(format), moved(picture(format), by));
      expect(measured.overall).toBeCloseTo(db, 3);
      for (const plane of Object.values(measured.planes)) expect(plane).toBeCloseTo(db, 3);
      expect(measured.maxError).toBe(by);
    }
  });

  it('is 0 dB from black to white', () => {
    const of = (value: number): Picture => ({
      width: 2,
      height: 1,
      format: 'RGB',
      data: new Uint8Array(6).fill(value),
    });
    expect(psnr(of(0), of(255))).toMatchObject({ overall: 0, maxError: 255 });
  });

  it('tells the planes apart, by their size, odd sizes too', () => {
    const clean = picture('I420'); // 15 of luma, 3 x 2 of each chroma plane
    const measured = psnr(
      clean,
      moved(clean, 3, (index) => index >= 15 && index < 21),
    );
    expect(measured.planes).toEqual({ y: Number.POSITIVE_INFINITY, u: expect.closeTo(38.588, 3), v: Infinity });
    expect(measured.overall).toBeCloseTo(10 * Math.log10((255 ** 2 * 27) / (9 * 6)), 9);
  });

  it('compares red with red whatever the order in memory, and leaves alpha out', () => {
    const order = { RGBA: [0, 1, 2, 3], BGRA: [2, 1, 0, 3], ARGB: [3, 0, 1, 2], ABGR: [3, 2, 1, 0], RGB: [0, 1, 2] };
    const rgba = picture('RGBA');
    const worse = moved(rgba, 2, (index) => index % 4 === 0);
    for (const [format, places] of Object.entries(order) as [ColorFormat, number[]][]) {
      const as = (from: Picture, alpha: number): Picture => {
        const data = new Uint8Array(videoByteLength({ ...rgba, format }));
        for (let at = 0; at < data.length; at++) {
          const place = places[at % places.length]!;
          data[at] = place === 3 ? alpha : from.data[Math.floor(at / places.length) * 4 + place]!;
        }
        return { ...from, format, data };
      };
      expect(psnr(rgba, as(rgba, 7)).overall).toBe(Number.POSITIVE_INFINITY);
      expect(psnr(as(worse, 99), rgba).planes).toEqual({
        r: expect.closeTo(42.11, 2),
        g: Number.POSITIVE_INFINITY,
        b: Number.POSITIVE_INFINITY,
      });
    }
  });

  it('does not care which picture comes first, and falls as the error grows', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...colorFormats),
        fc.integer({ min: 1, max: 33 }),
        fc.integer({ min: 1, max: 33 }),
        fc.integer({ min: 1, max: 100 }),
        (format, width, height, by) => {
          const clean = picture(format, width, height, by);
          const near = psnr(clean, moved(clean, by));
          expect(psnr(moved(clean, by), clean)).toEqual(near);
          expect(psnr(clean, moved(clean, by + 1)).overall).toBeLessThan(near.overall);
        },
      ),
    );
  });

  it.each([
    ['another size', picture('I420', 5, 4)],
    ['another kind of format', picture('RGBA')],
    ['another colour space', { ...picture('I420'), colorSpace: 'bt709' as const }],
  ])('refuses %s', (_, other) => {
    expect(() => psnr(picture('I420'), other)).toThrow(/comparable to the first: 5x3 I420 bt601; received/);
    expect(() => psnr(other, picture('I420'))).toThrow(TypeError);
  });

  it('does not ask what the colour space of RGB is', () => {
    const rgb = picture('RGB');
    expect(psnr(rgb, { ...rgb, colorSpace: 'bt709' }).overall).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses bytes that do not fit, and what is no format', () => {
    const short = { ...picture('RGB'), data: new Uint8Array(44) };
    expect(() => psnr(picture('RGB'), short)).toThrow(/45 bytes for 5x3 RGB; received "44 bytes"/);
    expect(() => psnr({ ...short, format: 'NV12' as never }, short)).toThrow(TypeError);
  });
});

describe('expectPsnr', () => {
  const clean = picture('I420');
  const luma = moved(clean, 4, (index) => index < 15);

  it('returns what it measured', () => {
    expect(expectPsnr(clean, luma, { minDb: 35, minPlaneDb: 35 })).toEqual(psnr(clean, luma));
    expect(expectPsnr(clean, clean, { minDb: 99, minPlaneDb: 99 }).overall).toBe(Number.POSITIVE_INFINITY);
  });

  it('fails with the figures', () => {
    expect(() => expectPsnr(clean, luma, { minDb: 40 })).toThrow(AssertionError);
    expect(() => expectPsnr(clean, luma, { minDb: 40 })).toThrow(
      'expected a PSNR of at least 40 dB; measured 38.6 dB (y 36.1, u Infinity, v Infinity), largest difference 4',
    );
    expect(() => expectPsnr(clean, luma, { minDb: 38, minPlaneDb: 37 })).toThrow(
      /38 dB, 37 dB in each plane; measured/,
    );
  });
});
