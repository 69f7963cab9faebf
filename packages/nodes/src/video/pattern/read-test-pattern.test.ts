import { type ColorFormat, colorFormats, type VideoFrame, videoByteLength } from '@sluice/core';
import { convertColor, type Picture } from '@sluice/core/kernels';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { exactFrameRate, frameTime } from '../../options/exact-frame-rate.ts';
import { fromTestPattern } from '../../sources/from-test-pattern.ts';
import { PatternArtist } from './pattern-artist.ts';
import { decodePatternCode, encodePatternCode, frameNumberLimit } from './pattern-code.ts';
import { readTestPattern } from './read-test-pattern.ts';

/** The picture with this number, without the ones before it. */
function draw(
  frameNumber: number,
  width: number,
  height: number,
  format: ColorFormat = 'RGB',
  frameRate = 30,
): Picture {
  const video = { width, height, format, colorSpace: 'bt601' } as const;
  const picture = { ...video, data: new Uint8Array(videoByteLength(video)) };
  new PatternArtist(video, picture.data.length, exactFrameRate(frameRate)).draw(frameNumber, picture);
  return picture;
}

function converted(from: Picture, format: ColorFormat): Picture {
  const to = { ...from, format, data: new Uint8Array(videoByteLength({ ...from, format })) };
  convertColor(from, to);
  return to;
}

/** Each pixel the mean of those it stands for (box), or the one in the middle (nearest). */
function scaled(from: Picture, width: number, height: number, method: 'box' | 'nearest'): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const span = (index: number, count: number, length: number) => {
        if (method === 'nearest') return [Math.floor(((index + 0.5) * length) / count)] as const;
        const first = Math.floor((index * length) / count);
        const end = Math.max(Math.floor(((index + 1) * length) / count), first + 1);
        return Array.from({ length: end - first }, (_, i) => first + i);
      };
      const [rows, columns] = [span(y, height, from.height), span(x, width, from.width)];
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (const row of rows)
          for (const column of columns) sum += from.data[(row * from.width + column) * 3 + channel]!;
        data[(y * width + x) * 3 + channel] = Math.round(sum / (rows.length * columns.length));
      }
    }
  return { width, height, format: 'RGB', data };
}

/** The same noise in each run, evenly from -range to range. */
function noisy(picture: Picture, range: number): Picture {
  let seed = 1;
  const data = picture.data.map((value) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.max(0, Math.min(255, value + Math.round((seed / 2 ** 31 - 0.5) * 2 * range)));
  });
  return { ...picture, data };
}

async function throughJpeg(picture: Picture, quality: number): Promise<Picture> {
  const { width, height } = picture;
  const jpeg = await sharp(picture.data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  const data = new Uint8Array(await sharp(jpeg).raw().toBuffer());
  return { width, height, format: 'RGB', data };
}

const numbers = [0, 1, 29, 30, 12_345, 0xaaaaaa, 0x555555, frameNumberLimit - 1];

describe('readTestPattern', () => {
  it('reads number, time and flash of each frame of the source', async () => {
    const readings: unknown[] = [];
    await new Promise<void>((resolve) =>
      fromTestPattern({ width: 320, height: 180, frameRate: 29.97, frames: 40 }).subscribe({
        next: (frame: VideoFrame) => {
          const reading = readTestPattern(frame);
          expect(reading?.timestamp).toBe(frame.timestamp);
          readings.push(reading);
          frame.close();
        },
        complete: resolve,
      }),
    );
    const rate = exactFrameRate(29.97);
    expect(readings).toEqual(
      Array.from({ length: 40 }, (_, frameNumber) => ({
        frameNumber,
        timestamp: frameTime(frameNumber, rate),
        flash: frameNumber < 3 || (frameNumber >= 30 && frameNumber < 33),
      })),
    );
  });

  it.each(colorFormats)('reads %s at any size from 80x48, odd ones too', (format) => {
    for (const [width, height] of [
      [1280, 720],
      [640, 480],
      [160, 90],
      [161, 91],
      [333, 187],
      [90, 160],
      [80, 48],
    ] as const)
      for (const number of numbers)
        expect(readTestPattern(draw(number, width, height, format))).toMatchObject({ frameNumber: number });
  });

  it.each(['box', 'nearest'] as const)('reads what was scaled (%s), evenly or not', (method) => {
    for (const number of [30, 12_345, 0xaaaaaa]) {
      const picture = draw(number, 1_280, 720);
      for (const [width, height] of [
        [320, 180],
        [160, 90],
        [640, 360],
        [641, 357],
        [854, 480],
        [200, 300],
      ] as const)
        expect(readTestPattern(scaled(picture, width, height, method))).toMatchObject({ frameNumber: number });
    }
  });

  it('reads through noise', () => {
    for (const number of numbers) {
      expect(readTestPattern(noisy(draw(number, 640, 360), 100))).toMatchObject({ frameNumber: number });
      expect(readTestPattern(noisy(draw(number, 160, 90, 'I420'), 60))).toMatchObject({ frameNumber: number });
    }
  });

  it('reads what is dim, flat and coarsely quantised', () => {
    for (const number of numbers) {
      const picture = draw(number, 320, 180);
      const data = picture.data.map((value) => 32 * Math.round((90 + value * 0.3) / 32));
      expect(readTestPattern({ ...picture, data })).toMatchObject({ frameNumber: number });
    }
  });

  it('reads JPEG at quality 30 in every format, at full size and at a quarter', async () => {
    for (const number of [0, 12_345, 0xaaaaaa]) {
      const picture = draw(number, 1_280, 720);
      const pictures = [picture, scaled(picture, 320, 180, 'box'), scaled(picture, 160, 90, 'box')];
      for (const [index, size] of pictures.entries()) {
        const jpeg = await throughJpeg(size, 30);
        for (const format of index === 0 ? (['RGB'] as const) : colorFormats)
          expect(readTestPattern(converted(jpeg, format))).toEqual({
            frameNumber: number,
            timestamp: frameTime(number, exactFrameRate(30)),
            flash: number % 30 < 3,
          });
      }
    }
  });

  it('gives no time where the code has no name for the rate', () => {
    expect(readTestPattern(draw(7, 320, 180, 'I420', 13.37))).toEqual({
      frameNumber: 7,
      timestamp: undefined,
      flash: false,
    });
  });

  it('reads a tile of a larger picture', () => {
    const [tile, all] = [draw(12_345, 320, 180), draw(7, 800, 500)];
    for (let row = 0; row < 180; row++)
      all.data.set(tile.data.subarray(row * 960, (row + 1) * 960), ((row + 33) * 800 + 77) * 3);
    const region = { x: 77, y: 33, width: 320, height: 180 };
    for (const format of colorFormats)
      expect(readTestPattern(converted(all, format), { region })).toMatchObject({ frameNumber: 12_345 });
    expect(readTestPattern(all)).toMatchObject({ frameNumber: 7 });
    for (const wrong of [{ x: -1 }, { y: 400 }, { width: 0 }, { height: 0.5 }, { x: Number.NaN }])
      expect(() => readTestPattern(all, { region: { ...region, ...wrong } })).toThrow(/^region /);
  });

  it('finds nothing in other pictures', () => {
    const size = { width: 64, height: 48, format: 'RGB' } as const;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64 * 48 * 3, maxLength: 64 * 48 * 3 }), (data) => {
        expect(readTestPattern({ ...size, data })).toBeUndefined();
      }),
      { numRuns: 50 },
    );
    for (const level of [0, 128, 255])
      expect(readTestPattern({ ...size, data: new Uint8Array(64 * 48 * 3).fill(level) })).toBeUndefined();
    expect(readTestPattern({ width: 1, height: 1, format: 'I420', data: new Uint8Array(3) })).toBeUndefined();
  });

  it('finds nothing in two frames blended, and nothing where a block is wrong', () => {
    const [a, b] = [draw(1_000, 320, 180), draw(2_047, 320, 180)];
    // A tear: the upper half of the code from one frame, the lower from another.
    const torn = { ...a, data: a.data.map((value, index) => (index < 120 * 320 * 3 ? value : b.data[index]!)) };
    expect(readTestPattern(torn)).toBeUndefined();
  });
});

describe('the code', () => {
  it('comes back, and up to three wrong bits are found', () => {
    const bit = fc.integer({ min: 0, max: 47 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: frameNumberLimit - 1 }),
        fc.constantFrom(30, 29.97, 13.37),
        fc.uniqueArray(bit, { minLength: 1, maxLength: 3 }),
        (frameNumber, perSecond, wrong) => {
          const rate = exactFrameRate(perSecond);
          const bits = encodePatternCode({ frameNumber, rate });
          expect(decodePatternCode(bits)).toEqual({ frameNumber, rate: perSecond === 13.37 ? undefined : rate });
          for (const index of wrong) bits[index] = !bits[index];
          expect(decodePatternCode(bits)).toBeUndefined();
        },
      ),
    );
  });

  it('starts again after 2^24 frames', () => {
    expect(decodePatternCode(encodePatternCode({ frameNumber: frameNumberLimit + 5, rate: undefined }))).toMatchObject({
      frameNumber: 5,
    });
  });
});
