import { colorFormats, graph, type VideoFrame } from '@sluice/core';
import fc from 'fast-check';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { movedElements } from '../../test/moved-elements.ts';
import { pictureAt, pictures } from '../../test/picture-frames.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { fromFrames } from '../sources/from-frames.ts';
import { type CropOptions, crop } from './crop.ts';

/** The part that stays, and the errors. */
function cropped(frame: VideoFrame, options: CropOptions) {
  const errors: unknown[] = [];
  let part: VideoFrame | undefined;
  of(frame)
    .pipe(crop(options))
    .subscribe({ next: (frame) => (part = frame), error: (error) => errors.push(error) });
  return { part, error: errors[0] as Error | undefined };
}

describe('crop', () => {
  it.each(colorFormats)('keeps the elements of a rectangle of %s, wherever it is', (format) => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(side, side, side, side, fc.nat(1e6), fc.nat(1e6), (width, height, right, bottom, h, v) => {
        const [x, y] = [h % right, v % bottom];
        const frame = pictureAt(3, { width: width + right, height: height + bottom, format });
        const before = frame.clone();
        const { part } = cropped(frame, { width, height, x, y });
        const origin = (column: number, row: number, from: { width: number }) => {
          const covers = from.width === before.width ? 1 : 2;
          return [column + Math.floor(x / covers), row + Math.floor(y / covers)] as const;
        };
        expect(part).toMatchObject({ width, height, format });
        expect(part!.data).toEqual(movedElements(before, part!, origin));
        part!.close();
        before.close();
      }),
      { numRuns: 40 },
    );
  });

  it('is in the middle unless told otherwise, and knows edges by name', () => {
    const of = (options: Partial<CropOptions>) => {
      const frame = pictureAt(0, { width: 10, height: 6, format: 'RGBA' });
      const before = frame.data.slice();
      const { part } = cropped(frame, { width: 2, height: 2, ...options });
      const pixel = part!.data.subarray(0, 4);
      part!.close();
      return [...Array(60).keys()].filter((at) => pixel.every((byte, i) => byte === before[at * 4 + i])).at(0);
    };
    expect(of({})).toBe(2 * 10 + 4);
    expect(of({ x: 'right', y: 'bottom' })).toBe(4 * 10 + 8);
    expect(of({ x: 'left', y: 1 })).toBe(10);
  });

  it('passes a picture of that size as it is', () => {
    const frame = pictureAt(0);
    expect(cropped(frame, { width: 48, height: 32 }).part).toBe(frame);
    frame.close();
  });

  it('names a rectangle that is not in the picture', () => {
    for (const options of [
      { width: 49, height: 32 },
      { width: 48, height: 32, x: 1 },
      { width: 8, height: 8, y: -1 },
    ]) {
      const frame = pictureAt(0);
      expect(cropped(frame, options).error).toMatchObject({ code: 'SLUICE_CROP_OUTSIDE', nodeId: 'crop' });
      expect(frame.closed).toBe(true);
    }
  });

  it('names it before a graph starts, where the size is known', async () => {
    const bot = graph('bot');
    const format = { kind: 'video', width: 48, height: 32, format: 'I420' } as const;
    bot
      .from(fromFrames(pictures(2), { format }))
      .pipe(crop({ width: 64, height: 32 }))
      .to(toFrames());
    await expect(bot.start()).rejects.toMatchObject({ code: 'SLUICE_CROP_OUTSIDE' });
  });

  it('refuses rectangles that are none', () => {
    expect(() => crop(undefined as never)).toThrow(/^crop is not valid/);
    expect(() => crop({ width: 0, height: 2 })).toThrow(RangeError);
    expect(() => crop({ width: 2.5, height: 2 })).toThrow(TypeError);
    expect(() => crop({ width: 2, height: 2, x: Number.NaN })).toThrow(TypeError);
    expect(() => crop({ width: 2, height: 2, y: 'left' as 'top' })).toThrow(TypeError);
  });
});

videoOperatorChecklist('crop', {
  make: () => crop({ width: 31, height: 15 }),
  sizes: [
    [31, 15],
    [33, 17],
    [200, 100],
  ],
  produces: ({ format }) => ({ width: 31, height: 15, format }),
});
