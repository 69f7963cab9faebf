import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { colorFormats, graph, isSluiceError, type VideoFrame, videoFramePool, withContext } from '@sluice/core';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import { take } from 'rxjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageInput } from '../formats/image/image-input.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { type FromImagesOptions, fromImages } from './from-images.ts';
import type { Slide } from './slide.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-from-images-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** An image of one grey. */
function grey(level: number, width = 8, height = 6): Promise<Buffer> {
  const background = { r: level, g: level, b: level };
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

const greys = (...levels: number[]) => Promise.all(levels.map((level) => grey(level)));

async function collect(
  slides: readonly (ImageInput | Slide)[],
  options: FromImagesOptions = {},
): Promise<VideoFrame[]> {
  const sink = toFrames<VideoFrame>();
  fromImages(slides, { format: 'RGB', ...options }).subscribe(sink);
  return sink.finished;
}

/** The grey of each frame; all of its bytes are the same. */
function levels(frames: readonly VideoFrame[]): number[] {
  return frames.map((frame) => {
    const level = frame.data[0]!;
    expect(frame.data.every((value) => value === level)).toBe(true);
    frame.close();
    return level;
  });
}

describe('fromImages', () => {
  it('shows each image for its time, on the same bytes, at a constant rate', async () => {
    using tracker = trackFrames();
    const [one, two, three] = await greys(10, 20, 30);
    const before = videoFramePool.stats.requests;
    const frames = await collect([one!, { image: two!, seconds: 0.25 }, { image: three! }], {
      seconds: 0.5,
      frameRate: 10,
    });
    expect(videoFramePool.stats.requests - before).toBe(3);
    expect(frames.map(({ timestamp }) => timestamp)).toEqual(Array.from({ length: 13 }, (_, index) => index * 100_000));
    expect(new Set(frames.map(({ duration }) => duration))).toEqual(new Set([100_000]));
    expect(frames[1]!.data).toBe(frames[0]!.data);
    // The second begins at 0.5 s, the third at 0.75 s.
    expect(levels(frames)).toEqual([10, 10, 10, 10, 10, 20, 20, 20, 30, 30, 30, 30, 30]);
    tracker.assertNone();
  });

  it('passes over an image whose time lies between two frames, and loses no time', async () => {
    using tracker = trackFrames();
    const [one, two, three] = await greys(10, 20, 30);
    const slides = [one!, { image: two!, seconds: 0.01 }, three!];
    expect(levels(await collect(slides, { seconds: 0.15, frameRate: 10 }))).toEqual([10, 10, 30, 30]);
    tracker.assertNone();
  });

  it.each([
    [2, 4],
    [1, 2],
    [false, 2],
  ] as const)('with loop %s shows %i images', async (loop, expected) => {
    const frames = await collect(await greys(10, 20), { seconds: 1, frameRate: 1, loop });
    expect(levels(frames)).toEqual([10, 20, 10, 20].slice(0, expected));
  });

  it('goes on for ever, and decodes an only image once', async () => {
    using tracker = trackFrames();
    const before = videoFramePool.stats.requests;
    const frames = await collect(await greys(10), { seconds: 0.1, loop: true, frames: 30 });
    expect(videoFramePool.stats.requests - before).toBe(1);
    expect(levels(frames)).toEqual(Array(30).fill(10));
    const half = await collect(await greys(10, 20), { seconds: 0.1, loop: true, duration: 0.5 });
    expect(levels(half)).toHaveLength(15);
    tracker.assertNone();
  });

  it('brings every image to the size of the first, or to the one it is told', async () => {
    const slides = [await grey(255, 8, 6), await grey(255, 4, 6)];
    const sizes = async (options: FromImagesOptions) => {
      const frames = await collect(slides, { seconds: 1, frameRate: 1, ...options });
      return frames.map((frame) => {
        const corner = frame.data[0]!;
        frame.close();
        return `${frame.width}x${frame.height} ${corner}`;
      });
    };
    expect(await sizes({})).toEqual(['8x6 255', '8x6 0']);
    expect(await sizes({ fit: 'fill' })).toEqual(['8x6 255', '8x6 255']);
    expect(await sizes({ width: 4 })).toEqual(['4x3 255', '4x3 0']);
    expect(await sizes({ width: 4, height: 12, background: '#070707' })).toEqual(['4x12 7', '4x12 7']);
  });

  it.each(colorFormats)('is opaque in %s, the background showing through', async (format) => {
    const glass = { create: { width: 2, height: 2, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } } as const;
    const slides = [await sharp(glass).png().toBuffer(), await grey(255, 2, 2)];
    const [frame, second] = await collect(slides, { seconds: 1, frameRate: 1, format, background: 'white' });
    expect(frame).toMatchObject({ format });
    expect(Buffer.compare(frame!.data, second!.data)).toBe(0);
    frame!.close();
    second!.close();
  });

  it('shows the first picture of an animation', async () => {
    const joined = sharp(await greys(40, 80), { join: { animated: true } });
    const gif = await joined.gif({ delay: [50, 50], loop: 0 }).toBuffer();
    expect(levels(await collect([gif], { seconds: 1, frameRate: 4 }))).toEqual([40, 40, 40, 40]);
  });

  it('keeps the clock with live', async () => {
    using tracker = trackFrames();
    const context = new ActorDouble();
    const arrivals: number[] = [];
    const source = fromImages(await greys(10, 20), { seconds: 0.2, crossFadeMs: 100, live: true, frameRate: 25 });
    withContext(context, () =>
      source.subscribe((frame) => {
        arrivals.push(context.clock.now() - frame.timestamp / 1_000);
        frame.close();
      }),
    );
    await context.clock.run();
    expect(arrivals).toHaveLength(10);
    for (const lateness of arrivals) expect(lateness).toBeCloseTo(0, 6);
    tracker.assertNone();
  });

  it('gives its pictures back to whoever leaves in the middle, also while one is decoded', async () => {
    using tracker = trackFrames();
    const context = new ActorDouble();
    for (const count of [1, 3, 4]) {
      const source = fromImages(await greys(10, 20, 30), { seconds: 1, crossFadeMs: 1_000, frameRate: 2 });
      await new Promise<void>((resolve) =>
        withContext(context, () =>
          source.pipe(take(count)).subscribe({ next: (frame) => frame.close(), complete: resolve }),
        ),
      );
    }
    const subscription = withContext(context, () => fromImages([join(folder, 'none.png')]).subscribe());
    subscription.unsubscribe();
    await context.clock.settle();
    await expect.poll(() => tracker.open).toBe(0);
  });

  it('tells a graph its format before the start', async () => {
    using tracker = trackFrames();
    const path = join(folder, 'one.png');
    await writeFile(path, await grey(10));
    const show = graph('show');
    const sink = toFrames<VideoFrame>();
    show.from(fromImages([path, { image: path }], { seconds: 1, frameRate: 2, width: 4 })).to(sink);
    await show.run();
    const frames = await sink.finished;
    expect(frames.map((frame) => `${frame.width}x${frame.height} ${frame.format}`)).toEqual(Array(4).fill('4x3 I420'));
    for (const frame of frames) frame.close();
    tracker.assertNone();
  });
});

describe('fromImages, cross-fade', () => {
  it('mixes each image with the one before it, linear in time, exact in each byte', async () => {
    using tracker = trackFrames();
    const frames = await collect(await greys(0, 200, 100), { seconds: 1, crossFadeMs: 400, frameRate: 10 });
    const step = (from: number, to: number, tenths: number) => {
      const opacity = Math.round((255 * tenths) / 4);
      return Math.round((to * opacity + from * (255 - opacity)) / 255);
    };
    const fade = (from: number, to: number) => [0, 1, 2, 3].map((tenths) => step(from, to, tenths));
    expect(levels(frames)).toEqual([
      ...Array(10).fill(0),
      ...fade(0, 200),
      ...Array(6).fill(200),
      ...fade(200, 100),
      ...Array(6).fill(100),
    ]);
    tracker.assertNone();
  });

  it('fades from the last to the first in the next round, but the first time from nothing', async () => {
    const frames = await collect(await greys(0, 255), { seconds: 1, crossFadeMs: 1_000, frameRate: 2, loop: 2 });
    expect(levels(frames)).toEqual([0, 0, 0, 128, 255, 127, 0, 128]);
  });

  it('takes the whole time of an image at most', async () => {
    const [one, two, three] = await greys(0, 255, 0);
    const slides = [one!, { image: two!, seconds: 0.5 }, three!];
    const frames = await collect(slides, { seconds: 1, crossFadeMs: 1_000, frameRate: 4 });
    expect(levels(frames)).toEqual([0, 0, 0, 0, 0, 128, 255, 191, 127, 64]);
  });

  it('is right in planes of odd sizes and leaves both images as they were', async () => {
    const slides = [await grey(0, 7, 5), await grey(255, 7, 5)];
    const frames = await collect(slides, { seconds: 1, crossFadeMs: 500, frameRate: 4, loop: 2, format: 'I420' });
    const luma = frames.map(({ data }) => data[34]!);
    for (const { data } of frames) {
      expect(data.subarray(0, 35).every((value) => value === data[34])).toBe(true);
      expect(data.subarray(35).every((value) => value === 128)).toBe(true);
    }
    for (const frame of frames) frame.close();
    const mixed = Math.round((235 * 128 + 16 * 127) / 255);
    const back = Math.round((16 * 128 + 235 * 127) / 255);
    expect(luma).toEqual([16, 16, 16, 16, 16, mixed, 235, 235, 235, back, 16, 16, 16, mixed, 235, 235]);
  });

  it('draws in memory of the pool: nothing new after the first', async () => {
    using tracker = trackFrames();
    const source = fromImages(await greys(0, 255), { seconds: 3, crossFadeMs: 3_000, frameRate: 30, format: 'RGBA' });
    let before = 0;
    let seen = 0;
    await new Promise<void>((resolve, reject) =>
      source.subscribe({
        next: (frame) => {
          if (++seen === 95) before = videoFramePool.stats.misses;
          frame.close();
        },
        complete: resolve,
        error: reject,
      }),
    );
    expect(seen).toBe(180);
    expect(videoFramePool.stats.misses).toBe(before);
    tracker.assertNone();
  });
});

describe('fromImages, bad input', () => {
  const broken = Buffer.from('no image');

  async function watched(slides: readonly (ImageInput | Slide)[], options: FromImagesOptions = {}) {
    const context = new ActorDouble();
    const seen: number[] = [];
    const outcome = await new Promise<unknown>((resolve) =>
      withContext(context, () =>
        fromImages(slides, { format: 'RGB', seconds: 1, frameRate: 1, ...options }).subscribe({
          next: (frame) => seen.push(...levels([frame])),
          complete: () => resolve('complete'),
          error: resolve,
        }),
      ),
    );
    return { seen, outcome, reports: context.reports.map((error) => isSluiceError(error) && error.code) };
  }

  it('ends with the error of an image when its turn comes', async () => {
    using tracker = trackFrames();
    const missing = join(folder, 'missing.png');
    const [one, three] = await greys(10, 30);
    expect(await watched([one!, broken, three!])).toMatchObject({
      seen: [10],
      outcome: { code: 'SLUICE_IMAGE_FORMAT' },
      reports: [],
    });
    expect((await watched([missing, one!])).outcome).toMatchObject({ code: 'SLUICE_FILE_READ' });
    expect((await watched([one!, one!.subarray(0, one!.length - 20)])).outcome).toMatchObject({
      code: 'SLUICE_IMAGE_CORRUPT',
    });
    expect((await watched([one!], { maxPixels: 47 })).outcome).toMatchObject({ code: 'SLUICE_IMAGE_TOO_LARGE' });
    tracker.assertNone();
  });

  it('skips what is broken, reports it, and takes the size of the first that is not', async () => {
    using tracker = trackFrames();
    const missing = join(folder, 'missing.png');
    const [one, three] = await greys(10, 30);
    const reports = ['SLUICE_FILE_READ', 'SLUICE_IMAGE_FORMAT', 'SLUICE_IMAGE_FORMAT'];
    expect(await watched([missing, one!, broken, three!, broken], { broken: 'skip', loop: 2 })).toEqual({
      seen: [10, 30, 10, 30],
      outcome: 'complete',
      reports: [...reports, ...reports],
    });
    tracker.assertNone();
  });

  it.each([{}, { width: 4, height: 4 }])('ends when a whole round has no image, with %o', async (size) => {
    const { seen, outcome } = await watched([broken, broken], { broken: 'skip', loop: true, ...size });
    expect([seen, outcome]).toEqual([[], expect.objectContaining({ code: 'SLUICE_IMAGE_FORMAT' })]);
  });

  it.each([
    ['slides', () => fromImages([])],
    ['slides', () => fromImages('a.png' as never)],
    ['input', () => fromImages(['a', 7 as never])],
    ['path', () => fromImages([{ image: '' }])],
    ['seconds', () => fromImages(['a'], { seconds: 0 })],
    ['slides\\[1\\].seconds', () => fromImages(['a', { image: 'b', seconds: -1 }])],
    ['crossFadeMs', () => fromImages(['a'], { crossFadeMs: -1 })],
    ['fit', () => fromImages(['a'], { fit: 'inside' as never })],
    ['broken', () => fromImages(['a'], { broken: 'drop' as never })],
    ['width', () => fromImages(['a'], { width: 0 })],
    ['frameRate', () => fromImages(['a'], { frameRate: 0 })],
    ['loop', () => fromImages(['a'], { loop: 0 })],
    ['frames', () => fromImages(['a'], { frames: -1 })],
  ])('refuses a bad %s at once', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name} `));
  });
});
