import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { colorFormats, graph, isSluiceError, type VideoFrame, videoFramePool, withContext } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import { take } from 'rxjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, drawing, height, one, opaquePixels, pixels, pixelsAt, psnr, width } from '../../test/drawn-images.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { fromImage } from './from-image.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-from-image-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('fromImage, still', () => {
  it('repeats the image at 30 frames per second on the same bytes, as long as it is told', async () => {
    using tracker = trackFrames();
    const png = await drawing().png().toBuffer();
    const before = videoFramePool.stats.requests;
    const frames = await collect(png, { frames: 4 });
    expect(videoFramePool.stats.requests - before).toBe(1);
    expect(frames.map(({ timestamp, duration }) => [timestamp, duration])).toEqual([
      [0, 33_333],
      [33_333, 33_334],
      [66_667, 33_333],
      [100_000, 33_333],
    ]);
    for (const frame of frames) expect(frame.data).toBe(frames[0]!.data);
    expect(frames[0]).toMatchObject({ width, height, format: 'I420', colorSpace: 'bt601' });
    for (const frame of frames) frame.close();
    expect(await collect(png, { frames: 0 })).toEqual([]);
    const half = await collect(png, { duration: 0.5, frameRate: 29.97 });
    expect(half.map((frame) => frame.timestamp).at(-1)).toBe(467_133);
    for (const frame of half) frame.close();
    tracker.assertNone();
  });

  it.each([
    ['PNG', () => drawing(pixels).png()],
    ['WebP', () => drawing(pixels).webp({ lossless: true, exact: true })],
    ['TIFF', () => drawing(pixels).tiff({ compression: 'lzw' })],
  ])('gives the pixels of a %s as they are, with their alpha', async (_, encode) => {
    const frame = await one(await encode().toBuffer(), { format: 'RGBA' });
    expect(Buffer.from(frame.data)).toEqual(Buffer.from(pixels));
    frame.close();
  });

  it.each([
    ['JPEG', () => drawing().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }), 35],
    ['WebP', () => drawing().webp({ quality: 95 }), 30],
    ['AVIF', () => drawing().avif({ quality: 90 }), 35],
    ['GIF', () => drawing().gif(), 25],
  ])('gives the pixels of a lossy %s nearly as they were', async (_, encode, decibels) => {
    const frame = await one(await encode().toBuffer(), { format: 'RGBA' });
    expect(psnr(frame.data, opaquePixels)).toBeGreaterThan(decibels);
    frame.close();
  });

  it.each(colorFormats)('comes in %s', async (format) => {
    const frame = await one(await drawing().png().toBuffer(), { format, colorSpace: 'bt709' });
    const expected = videoFramePool.like(frame);
    convertColor({ width, height, format: 'RGBA', data: opaquePixels }, expected);
    expect(frame).toMatchObject({ format, colorSpace: 'bt709' });
    expect(Buffer.from(frame.data)).toEqual(Buffer.from(expected.data));
    frame.close();
    expected.close();
  });

  it('shows the background through what is transparent where the format has no alpha', async () => {
    const glass = await sharp({
      create: { width: 2, height: 2, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    for (const [background, expected] of [
      [undefined, [128, 128, 128]],
      ['#ff0000', [255, 128, 128]],
      ['#00f', [128, 128, 255]],
      ['white', [255, 255, 255]],
      // A colour that is itself transparent counts as if it were not.
      ['transparent', [128, 128, 128]],
      ['#0000ff40', [128, 128, 255]],
    ] as const) {
      const frame = await one(glass, { format: 'RGB', background });
      for (const [channel, value] of expected.entries())
        expect(Math.abs(frame.data[channel]! - value)).toBeLessThanOrEqual(1);
      frame.close();
    }
    const bars = await one(glass, { format: 'RGB', background: '#00ff0000', width: 4, height: 8 });
    expect([...bars.data.subarray(0, 3)]).toEqual([0, 255, 0]);
    bars.close();
  });

  it('comes to a size by contain, cover, fill and inside', async () => {
    const stripes = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#00ff00' } })
      .composite([
        { input: { create: { width: 5, height: 20, channels: 3, background: '#ff0000' } }, left: 0, top: 0 },
        { input: { create: { width: 5, height: 20, channels: 3, background: '#ff0000' } }, left: 35, top: 0 },
      ])
      .png()
      .toBuffer();
    const size = { width: 20, height: 20, format: 'RGBA', background: '#0000ff' } as const;
    const [green, red, blue] = [
      [0, 255, 0, 255],
      [255, 0, 0, 255],
      [0, 0, 255, 255],
    ];
    for (const [fit, top, left, expected] of [
      ['contain', blue, red, [20, 20]],
      [undefined, blue, red, [20, 20]],
      ['cover', green, green, [20, 20]],
      ['fill', green, red, [20, 20]],
      ['inside', green, red, [20, 10]],
    ] as const) {
      const frame = await one(stripes, { ...size, fit });
      expect([frame.width, frame.height]).toEqual(expected);
      for (const [place, color] of [
        [pixelsAt(frame, 10, 1), top],
        [pixelsAt(frame, 0, frame.height / 2), left],
      ] as const)
        for (const [channel, value] of color!.entries())
          expect(Math.abs(place[channel]! - value)).toBeLessThanOrEqual(5);
      frame.close();
    }
    for (const [options, expected] of [
      [{ width: 20 }, [20, 10]],
      [{ height: 5 }, [10, 5]],
      [{ width: 33 }, [33, 17]],
      [{ width: 1 }, [1, 1]],
      [{}, [40, 20]],
    ] as const) {
      const frame = await one(stripes, options);
      expect([frame.width, frame.height]).toEqual(expected);
      frame.close();
    }
  });

  it('turns a photo upright', async () => {
    const left = await sharp({ create: { width: 8, height: 4, channels: 3, background: '#ffffff' } })
      .composite([{ input: { create: { width: 4, height: 4, channels: 3, background: '#000000' } }, left: 0, top: 0 }])
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const frame = await one(left, { format: 'RGBA' });
    expect([frame.width, frame.height]).toEqual([4, 8]);
    expect([pixelsAt(frame, 2, 1)[0], pixelsAt(frame, 2, 6)[0]]).toEqual([0, 255]);
    frame.close();
  });

  it('reads greys, 16 bits and CMYK as colours', async () => {
    const grey = { create: { width: 4, height: 4, channels: 3, background: '#808080' } } as const;
    for (const encoded of [
      sharp(grey).greyscale().png(),
      sharp(grey).toColourspace('rgb16').png(),
      sharp(grey).toColourspace('cmyk').jpeg(),
    ]) {
      const frame = await one(await encoded.toBuffer(), { format: 'RGB' });
      expect(frame.data).toHaveLength(4 * 4 * 3);
      for (const value of frame.data) expect(Math.abs(value - 128)).toBeLessThan(16);
      frame.close();
    }
  });

  it('draws an SVG at the size that is wanted, sharp', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect x="5" width="5" height="10"/></svg>';
    const frame = await one(Buffer.from(svg), { width: 100, height: 100, format: 'RGB', background: 'white' });
    const row = frame.data.subarray(50 * 300, 51 * 300);
    for (let x = 0; x < 100; x++) expect([x, row[3 * x]]).toEqual([x, x < 50 ? 255 : 0]);
    frame.close();
  });

  it('reads no file for an SVG, beside it or anywhere, but shows what is inside', async () => {
    const red = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer();
    await writeFile(join(folder, 'red.png'), red);
    const svg = (href: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="4" height="4">
        <image xlink:href="${href}" width="4" height="4"/></svg>`;
    const path = join(folder, 'drawing.svg');
    for (const href of ['red.png', './red.png', join(folder, 'red.png'), pathToFileURL(join(folder, 'red.png')).href]) {
      await writeFile(path, svg(href));
      for (const input of [path, Buffer.from(svg(href))]) {
        const frame = await one(input, { format: 'RGB' });
        expect(Math.max(...frame.data)).toBe(0);
        frame.close();
      }
    }
    const inside = svg(`data:image/png;base64,${red.toString('base64')}`);
    const frame = await one(Buffer.from(inside), { format: 'RGB' });
    expect([...frame.data.subarray(0, 3)]).toEqual([255, 0, 0]);
    frame.close();
    const entity = `<!DOCTYPE svg [<!ENTITY secret SYSTEM "${pathToFileURL(join(folder, 'drawing.svg')).href}">]>
      <svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><text>&secret;</text></svg>`;
    const result = await one(Buffer.from(entity), { format: 'RGB' }).catch((error: unknown) => error);
    if (isSluiceError(result)) expect(result.code).toBe('SLUICE_IMAGE_FORMAT');
    else {
      expect(Math.max(...(result as VideoFrame).data)).toBe(0);
      (result as VideoFrame).close();
    }
  });

  it('goes by path and file: URL, and tells a graph its format', async () => {
    using tracker = trackFrames();
    const path = join(folder, 'a picture.png');
    await writeFile(path, await drawing().png().toBuffer());
    for (const input of [path, pathToFileURL(path)]) (await one(input)).close();
    const show = graph('show');
    const sink = toFrames<VideoFrame>();
    show.from(fromImage(path, { width: 20, frames: 3, format: 'RGB' })).to(sink);
    await show.run();
    const frames = await sink.finished;
    expect(frames.map((frame) => `${frame.width}x${frame.height} ${frame.format}`)).toEqual(Array(3).fill('20x12 RGB'));
    for (const frame of frames) frame.close();
    tracker.assertNone();
  });

  it('keeps the clock with live, and gives its picture back when nobody is there', async () => {
    using tracker = trackFrames();
    const context = new ActorDouble();
    const arrivals: number[] = [];
    const source = fromImage(await drawing().png().toBuffer(), { live: true, frameRate: 25 });
    withContext(context, () =>
      source.pipe(take(26)).subscribe((frame) => {
        arrivals.push(context.clock.now() - frame.timestamp / 1_000);
        frame.close();
      }),
    );
    await context.clock.run();
    expect(arrivals).toHaveLength(26);
    for (const lateness of arrivals) expect(lateness).toBeCloseTo(0, 6);
    expect(context.clock.now()).toBe(1_000);
    tracker.assertNone();
  });

  it('gives nothing to whoever leaves while it is decoded', async () => {
    using tracker = trackFrames();
    const context = new ActorDouble();
    const png = await drawing().png().toBuffer();
    const subscription = withContext(context, () =>
      fromImage(png).subscribe({
        next: (frame) => {
          frame.close();
          expect.fail('nobody is there');
        },
      }),
    );
    await Promise.resolve();
    subscription.unsubscribe();
    await context.clock.settle();
    tracker.assertNone();
  });
});
