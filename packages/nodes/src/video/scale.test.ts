import { colorFormats, micros, operatorSpec, videoFramePool } from '@sluice/core';
import { expectPsnr, trackFrames } from '@sluice/core/testing';
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pictureAt } from '../../test/picture-frames.ts';
import { referenceScale } from '../../test/reference-scale.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { visibleError } from '../../test/visible-error.ts';
import { imageFits } from '../formats/image/image-shape.ts';
import { scaleGeometry } from './picture/scale-geometry.ts';
import { type ScaleOptions, scale } from './scale.ts';

videoOperatorChecklist('scale to a size', {
  make: () => scale({ width: 33, height: 21 }),
  produces: ({ format }) => ({ width: 33, height: 21, format }),
});
videoOperatorChecklist('scale to a height', {
  make: () => scale({ height: 16, filter: 'cubic' }),
  produces: ({ width, height, format }) => ({
    width: Math.max(1, Math.round((width * 16) / height)),
    height: 16,
    format,
  }),
});
videoOperatorChecklist('scale of pictures that have the size', {
  make: () => scale({ width: 48, height: 32 }),
  produces: ({ format }) => ({ width: 48, height: 32, format }),
});

/** What becomes of one picture. */
function scaled(options: ScaleOptions, width: number, height: number, format: (typeof colorFormats)[number] = 'RGB') {
  const frame = pictureAt(3, { width, height, format });
  return lastValueFrom(from([frame]).pipe(scale(options)));
}

describe('scale', () => {
  it.each(colorFormats)('stretches, cuts and scales alone as the definition says, in %s', async (format) => {
    const input = pictureAt(3, { width: 40, height: 20, format });
    const whole = { x: 0, y: 0, width: 40, height: 20 };
    const cases = [
      [{ width: 30, height: 30, fit: 'fill' }, whole, 30, 30],
      [{ width: 30, height: 30, fit: 'cover' }, { x: 10, y: 0, width: 20, height: 20 }, 30, 30],
      [{ width: 30, height: 30, fit: 'inside' }, whole, 30, 15],
      [{ width: 60 }, whole, 60, 30],
      [{ height: 10 }, whole, 20, 10],
    ] as const;
    for (const [options, source, width, height] of cases) {
      const frame = await scaled(options, 40, 20, format);
      const expected = referenceScale(input, source, { width, height }, 'linear');
      expect(visibleError(expected, frame)).toBeLessThanOrEqual(1);
      if (format === 'I420' || format === 'RGB') expectPsnr(expected, frame, { minDb: 48 });
      frame.close();
    }
    input.close();
  });

  it.each(colorFormats)('shows the whole picture between bars of the background, in %s', async (format) => {
    const grey = { width: 40, height: 20, format, timestamp: micros(0) };
    const input = videoFramePool.frame(grey);
    input.data.fill(format === 'I420' ? 128 : 77);
    const frame = await lastValueFrom(from([input]).pipe(scale({ width: 21, height: 33, background: '#808080' })));
    const samples = format === 'RGB' ? 3 : format === 'I420' ? 1 : 4;
    const row = (y: number) => frame.data.subarray(y * 21 * samples, (y + 1) * 21 * samples);
    const bar = format === 'I420' ? 126 : 128;
    const rows = Array.from({ length: 33 }, (_, y) => (row(y).includes(bar) ? 'bar' : 'picture'));
    expect(rows.indexOf('picture')).toBe(10);
    expect(rows.filter((kind) => kind === 'picture')).toHaveLength(10);
    expect(rows.lastIndexOf('picture')).toBe(19);
    if (format === 'I420') expect(new Set(frame.data.subarray(21 * 33))).toEqual(new Set([128]));
    frame.close();
  });

  it('keeps what it shows within the picture and its shape within a pixel or two, whatever the sizes', () => {
    const side = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(side, side, side, side, fc.constantFrom(...imageFits), (w, h, width, height, fit) => {
        const { size, source, target } = scaleGeometry(
          { width, height, fit, maxPixels: 2 ** 28 },
          { width: w, height: h },
        );
        expect(target.x + target.width).toBeLessThanOrEqual(size.width);
        expect(target.y + target.height).toBeLessThanOrEqual(size.height);
        expect(Math.min(target.x, target.y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(target.width, target.height)).toBeGreaterThanOrEqual(1);
        expect(source.x + source.width).toBeLessThanOrEqual(w + 1e-6);
        expect(source.y + source.height).toBeLessThanOrEqual(h + 1e-6);
        if (fit === 'contain') {
          expect((target.x % 2) + (target.y % 2)).toBe(0);
          const scales = Math.min(width / w, height / h);
          expect(Math.abs(target.width - w * scales)).toBeLessThanOrEqual(2);
          expect(Math.abs(target.height - h * scales)).toBeLessThanOrEqual(2);
        }
        if (fit === 'inside') expect(size.width <= width && size.height <= height).toBe(true);
      }),
      { numRuns: 500, examples: [[5_000, 1, 1, 1, 'contain']] },
    );
  });

  it('gives pictures that have the size on as they are', async () => {
    const frame = pictureAt(0);
    expect(await lastValueFrom(from([frame]).pipe(scale({ width: 48, height: 32, fit: 'cover' })))).toBe(frame);
    frame.close();
  });

  it('follows pictures whose size changes, to one size', async () => {
    using tracked = trackFrames();
    const frames = [
      pictureAt(0, { width: 64, height: 36, format: 'I420' }),
      pictureAt(1, { width: 17, height: 31, format: 'I420' }),
      pictureAt(2, { width: 1, height: 1, format: 'RGBA' }),
    ];
    const seen = await lastValueFrom(from(frames).pipe(scale({ width: 20, height: 20 }), toArray()));
    expect(seen.map(({ width, height, format }) => [width, height, format])).toEqual([
      [20, 20, 'I420'],
      [20, 20, 'I420'],
      [20, 20, 'RGBA'],
    ]);
    for (const frame of seen) frame.close();
    tracked.assertNone();
  });

  it('tells graphs what leaves', () => {
    const { accepts, produces } = operatorSpec(scale({ width: 100 }))!;
    expect(accepts).toEqual({ kind: 'video' });
    const input = { kind: 'video', width: 50, height: 20, format: 'RGB' } as const;
    expect(produces?.(input)).toEqual({ ...input, width: 100, height: 40 });
    expect(produces?.({ kind: 'any' })).toEqual({ kind: 'any' });
  });

  it('fails with SLUICE_SCALE_SIZE where one side would grow without bound', async () => {
    using tracked = trackFrames();
    const code = { code: 'SLUICE_SCALE_SIZE' };
    await expect(scaled({ width: 1_000 }, 1, 17)).rejects.toMatchObject(code);
    await expect(scaled({ width: 10, maxPixels: 99 }, 1, 1)).rejects.toMatchObject(code);
    tracked.assertNone();
  });

  it.each([
    ['scale', {}],
    ['scale', null as never],
    ['scale.width', { width: 0 }],
    ['scale.width', { width: 16_385, height: 1 }],
    ['scale.width', { width: 1.5 }],
    ['scale.height', { width: 1, height: Number.NaN }],
    ['scale.height', { height: '720' as never }],
    ['width x height', { width: 16_384, height: 16_384 }],
    ['width x height', { width: 10, height: 10, maxPixels: 99 }],
    ['scale.maxPixels', { width: 10, maxPixels: 0 }],
    ['scale.fit', { width: 10, fit: 'outside' as never }],
    ['scale.filter', { width: 10, filter: 'lanczos' as never }],
    ['scale.background', { width: 10, background: 'red' as never }],
  ])('refuses a wrong %s at once: %j', (name, options) => {
    expect(() => scale(options)).toThrow(new RegExp(`^${name.replaceAll('.', '\\.')} `));
  });
});
