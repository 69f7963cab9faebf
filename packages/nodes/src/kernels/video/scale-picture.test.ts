import { type ColorFormat, colorFormats, videoByteLength } from '@sluice/core';
import type { Picture } from '@sluice/core/kernels';
import { psnr } from '@sluice/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noisePicture } from '../../../test/noise-picture.ts';
import { referenceScale } from '../../../test/reference-scale.ts';
import { visibleError } from '../../../test/visible-error.ts';
import { scaleFilters } from './scale-axis.ts';
import { scalePicture } from './scale-picture.ts';

const blank = (format: ColorFormat, width: number, height: number, fill = 77): Picture => ({
  width,
  height,
  format,
  data: new Uint8Array(videoByteLength({ width, height, format })).fill(fill),
});

const whole = ({ width, height }: Picture) => ({ x: 0, y: 0, width, height });

function scaled(from: Picture, width: number, height: number, filter: (typeof scaleFilters)[number]): Picture {
  const to = blank(from.format, width, height);
  scalePicture(from, whole(from), to, whole(to), filter);
  return to;
}

describe('scalePicture', () => {
  // Down to a 32nd: beyond that not all rows count.
  const side = fc.integer({ min: 1, max: 32 });
  const sides = fc.tuple(side, side, side, side);

  describe.each(colorFormats)('%s', (format) => {
    it.each(scaleFilters)(
      'is within one level of the definition in floating point, %s, whatever the sizes',
      (filter) => {
        fc.assert(
          fc.property(sides, fc.nat(), ([w, h, width, height], seed) => {
            const from = noisePicture(format, w, h, seed);
            const expected = referenceScale(from, whole(from), { width, height }, filter);
            expect(visibleError(expected, scaled(from, width, height, filter))).toBeLessThanOrEqual(1);
          }),
          { numRuns: 40 },
        );
      },
    );
  });

  it('takes parts that begin and end between pixels', () => {
    const part = fc.double({ min: 0, max: 0.45, noNaN: true });
    fc.assert(
      fc.property(sides, fc.tuple(part, part, part, part), fc.nat(), ([w, h, width, height], cut, seed) => {
        const from = noisePicture(seed % 2 ? 'I420' : 'RGB', w, h, seed);
        const [x, y] = [cut[0] * w, cut[1] * h];
        const source = { x, y, width: (1 - cut[2]) * w - x, height: (1 - cut[3]) * h - y };
        const to = blank(from.format, width, height);
        scalePicture(from, source, to, whole(to), 'linear');
        expect(psnr(referenceScale(from, source, to, 'linear'), to).maxError).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it.each(scaleFilters)('leaves one colour as it is, and a picture of the same size, %s', (filter) => {
    for (const value of [0, 1, 77, 128, 254, 255])
      expect(new Set(scaled(blank('I420', 37, 23, value), 101, 9, filter).data)).toEqual(new Set([value]));
    for (const format of colorFormats) {
      const from = noisePicture(format, 33, 17, 5);
      expect(visibleError(from, scaled(from, 33, 17, filter))).toBeLessThan(0.6);
      const opaque = { ...from, data: from.data.map((byte) => byte | 0x80) };
      if (format === 'I420' || format === 'RGB') expect(scaled(from, 33, 17, filter).data).toEqual(from.data);
      // Twice as opaque as not, colours come back as they were.
      else expect(psnr(opaque, scaled(opaque, 33, 17, filter)).maxError).toBe(0);
    }
  });

  it.each(['RGBA', 'BGRA', 'ARGB', 'ABGR'] as const)('keeps hidden colours out of edges, in %s', (format) => {
    const alpha = format.startsWith('A') ? 0 : 3;
    for (const filter of scaleFilters)
      for (const [width, height] of [
        [40, 40],
        [150, 90],
        [23, 7],
        [2_000, 3],
        [64, 64],
      ] as const) {
        const from = blank(format, 64, 64, 0);
        for (let at = 0; at < from.data.length; at += 4) {
          const [x, y] = [(at / 4) % 64, Math.floor(at / 256)];
          // White where it is seen; bright green where it is not.
          const inside = (x - 31.5) ** 2 + (y - 31.5) ** 2 < 576;
          from.data.set(inside ? [255, 255, 255, 255] : [0, 255, 0, 0].map((_, at) => (at === 2 ? 255 : 0)), at);
          from.data[at + alpha] = inside ? 255 : 0;
        }
        const to = scaled(from, width, height, filter);
        let [seen, half] = [0, 0];
        for (let at = 0; at < to.data.length; at += 4) {
          const pixel = [...to.data.subarray(at, at + 4)];
          if (pixel[alpha]! > 0) expect(pixel.filter((_, place) => place !== alpha)).toEqual([255, 255, 255]);
          else expect(pixel).toEqual([0, 0, 0, 0]);
          seen += pixel[alpha]!;
          if (pixel[alpha]! > 0 && pixel[alpha]! < 255) half++;
        }
        // As much is seen as before, and edges are smooth.
        expect(Math.abs(seen / (255 * width * height) - 1_804 / 4_096)).toBeLessThan(0.02);
        if (width !== 64) expect(half).toBeGreaterThan(0);
      }
  });

  it('works opaque rows among others as if all were', () => {
    const from = noisePicture('RGBA', 50, 40, 4);
    for (let at = 3; at < from.data.length; at += 4) if (at < 4 * 50 * 20 || at > 4 * 50 * 24) from.data[at] = 255;
    for (const filter of scaleFilters) {
      const expected = referenceScale(from, whole(from), { width: 31, height: 60 }, filter);
      expect(visibleError(expected, scaled(from, 31, 60, filter))).toBeLessThanOrEqual(1);
    }
  });

  it('gives a single pixel the colour of the whole picture, not that of its end', () => {
    const from = blank('I420', 39, 25, 0);
    // Chroma from left to right, and from top to bottom.
    const [u, v] = [39 * 25, 39 * 25 + 20 * 13];
    for (let y = 0; y < 13; y++)
      for (let x = 0; x < 20; x++) {
        from.data[u + y * 20 + x] = 10 * x;
        from.data[v + y * 20 + x] = 10 * y;
      }
    for (const filter of scaleFilters) {
      const [, blue, red] = scaled(from, 1, 1, filter).data;
      expect(Math.abs(blue! - 95)).toBeLessThanOrEqual(3);
      expect(Math.abs(red! - 60)).toBeLessThanOrEqual(3);
    }
  });

  it('fills its part of the target and nothing else', () => {
    for (const format of colorFormats) {
      const from = blank(format, 31, 17, 200);
      const to = blank(format, 24, 20, 9);
      scalePicture(from, whole(from), to, { x: 4, y: 6, width: 10, height: 8 }, 'linear');
      const samples = format === 'I420' ? 80 + 2 * 20 : 80 * (to.data.length / 480);
      expect(to.data.filter((byte) => byte === 200)).toHaveLength(samples);
      expect(to.data.filter((byte) => byte === 9)).toHaveLength(to.data.length - samples);
    }
  });

  it('makes one pixel of the largest sides, and the largest sides of one pixel', () => {
    for (const [width, height] of [
      [16_384, 2],
      [2, 16_384],
    ] as const)
      for (const format of ['I420', 'RGBA'] as const) {
        expect(new Set(scaled(blank(format, width, height, 150), 1, 1, 'cubic').data)).toEqual(new Set([150]));
        expect(new Set(scaled(blank(format, 1, 1, 150), width, height, 'cubic').data)).toEqual(new Set([150]));
      }
  });

  it('averages what it makes smaller instead of passing over it', () => {
    const from = blank('I420', 640, 2_600, 0);
    from.data.forEach((_, at) => {
      if (at < 640 * 2_600 && (at % 640) % 2 === 0) from.data[at] = 200;
    });
    for (const [width, height] of [
      [64, 26],
      [213, 867],
      [5, 20],
    ] as const) {
      const luma = scaled(from, width, height, 'linear').data.subarray(0, width * height);
      const furthest = luma.reduce((most, value) => Math.max(most, Math.abs(value - 100)), 0);
      expect(furthest).toBeLessThanOrEqual(24);
    }
  });
});
