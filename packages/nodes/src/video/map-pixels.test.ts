import { type ColorFormat, colorFormats, type VideoFrame } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import { psnr, trackFrames } from '@sluice/core/testing';
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { noisePicture } from '../../test/noise-picture.ts';
import { pictureAt, pictures } from '../../test/picture-frames.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { eachPixel, mapPixels, type PixelPicture } from './map-pixels.ts';

const invert = ({ data }: PixelPicture) => {
  for (let at = 0; at < data.length; at++) data[at] = 255 - data[at]!;
};

videoOperatorChecklist('mapPixels', { make: () => mapPixels(invert) });
videoOperatorChecklist('mapPixels of each pixel', {
  make: () => mapPixels(eachPixel((red, green, blue) => (blue << 16) | (green << 8) | red)),
});

const last = (frames: VideoFrame[], change: (picture: PixelPicture) => void) =>
  lastValueFrom(from(frames).pipe(mapPixels(change)));

describe('mapPixels', () => {
  it('shows each picture with its format and time, and gives on what became of it', async () => {
    const seen: string[] = [];
    const frame = await last([pictureAt(3, { width: 5, height: 3, format: 'ABGR' })], (picture) => {
      const { width, height, format, colorSpace, timestamp, data } = picture;
      seen.push(`${width}x${height} ${format} ${colorSpace} ${timestamp} ${data.length}`);
      data.fill(9);
    });
    expect(seen).toEqual(['5x3 ABGR bt601 120000 60']);
    expect(new Set(frame.data)).toEqual(new Set([9]));
    frame.close();
  });

  it('fails with what the callback throws, and closes the frame', async () => {
    using tracked = trackFrames();
    const fault = new Error('no pixels today');
    const kept = pictureAt(0);
    await expect(
      last([kept.clone()], () => {
        throw fault;
      }),
    ).rejects.toBe(fault);
    kept.close();
    tracked.assertNone();
  });

  it('refuses what is no function at once, and promises when they come', async () => {
    using tracked = trackFrames();
    expect(() => mapPixels(4 as never)).toThrow(/^mapPixels\.change /);
    expect(() => eachPixel(undefined as never)).toThrow(/^eachPixel\.color /);
    await expect(last(pictures(1), async () => {})).rejects.toBeInstanceOf(TypeError);
    tracked.assertNone();
  });
});

describe('eachPixel', () => {
  it.each(colorFormats.filter((format) => format !== 'I420'))(
    'asks for each pixel of %s, alpha apart',
    async (format) => {
      const input = pictureAt(3, { width: 7, height: 5, format });
      const before = input.data.slice();
      const asked: number[] = [];
      const swap = eachPixel((red, green, blue, x, y) => {
        asked.push(y * 7 + x);
        return (blue << 16) | (red << 8) | green;
      });
      const frame = await last([input], swap);
      expect(asked).toEqual(Array.from({ length: 35 }, (_, index) => index));
      const at = (letter: string, pixel: number) => pixel * format.length + format.indexOf(letter);
      for (let pixel = 0; pixel < 35; pixel++) {
        expect(frame.data[at('R', pixel)]).toBe(before[at('B', pixel)]);
        expect(frame.data[at('G', pixel)]).toBe(before[at('R', pixel)]);
        expect(frame.data[at('B', pixel)]).toBe(before[at('G', pixel)]);
        if (format.includes('A')) expect(frame.data[at('A', pixel)]).toBe(before[at('A', pixel)]);
      }
      frame.close();
    },
  );

  it('colours I420 through RGB, in any size', async () => {
    using tracked = trackFrames();
    const sizes = [
      [1, 1],
      [7, 5],
      [16, 9],
    ] as const;
    const frames = sizes.map(([width, height]) => pictureAt(0, { width, height, format: 'I420' as ColorFormat }));
    const seen = await lastValueFrom(from(frames).pipe(mapPixels(eachPixel(() => 0x30_80_c0)), toArray()));
    for (const frame of seen) {
      const rgb = noisePicture('RGB', frame.width, frame.height, 1);
      convertColor(frame, rgb);
      const plain = { ...rgb, data: rgb.data.map((_, at) => [0x30, 0x80, 0xc0][at % 3]!) };
      expect(psnr(plain, rgb).maxError).toBeLessThanOrEqual(2);
      frame.close();
    }
    tracked.assertNone();
  });
});
