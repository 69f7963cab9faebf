import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { colorFormats, graph, isSluiceError, type VideoFrame, videoFramePool, withContext } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import fc from 'fast-check';
import { take } from 'rxjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageInput } from '../formats/image/image-input.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { type FromImageOptions, fromImage } from './from-image.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-from-image-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A picture with a gradient each way and a half-transparent lower right corner. */
const width = 37;
const height = 23;
const pixels = new Uint8Array(width * height * 4);
for (let y = 0; y < height; y++)
  for (let x = 0; x < width; x++)
    pixels.set([6 * x, 11 * y, 255 - 6 * x, x > 30 && y > 18 ? 128 : 255], 4 * (y * width + x));
const opaquePixels = pixels.map((value, index) => (index % 4 === 3 ? 255 : value));
const drawing = (bytes: Uint8Array = opaquePixels) => sharp(bytes, { raw: { width, height, channels: 4 } });

/** An animation of pages of one colour each. */
async function animation(kind: 'gif' | 'webp', delay: number[], loop = 1, size = 8): Promise<Buffer> {
  const colors = delay.map((_, index) => ({ r: (index % 8) * 32, g: Math.floor(index / 8) * 32, b: 64 }));
  const pages = colors.map((background) => ({
    create: { width: size, height: size, channels: 3, background } as const,
  }));
  const drawn = await Promise.all(pages.map((page) => sharp(page).png().toBuffer()));
  const joined = sharp(drawn, { join: { animated: true } });
  return kind === 'gif'
    ? joined.gif({ delay, loop }).toBuffer()
    : joined.webp({ delay, loop, lossless: true }).toBuffer();
}

/** Which page of `animation` an RGB frame shows. */
const pageOf = ({ data }: VideoFrame) => data[0]! / 32 + (data[1]! / 32) * 8;

async function collect(input: ImageInput, options: FromImageOptions = {}): Promise<VideoFrame[]> {
  const sink = toFrames<VideoFrame>();
  fromImage(input, options).subscribe(sink);
  return sink.finished;
}

async function one(input: ImageInput, options: FromImageOptions = {}): Promise<VideoFrame> {
  return (await collect(input, { frames: 1, ...options }))[0]!;
}

/** In decibels, of bytes against bytes. */
function psnr(a: Uint8Array, b: Uint8Array): number {
  expect(a).toHaveLength(b.length);
  const sum = a.reduce((total, value, index) => total + (value - b[index]!) ** 2, 0);
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}

const pixelsAt = ({ data, width }: VideoFrame, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
];

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

describe('fromImage, animated', () => {
  it.each(['gif', 'webp'] as const)(
    'plays the pages of a %s in their own time, tiny delays as 100 ms',
    async (kind) => {
      using tracker = trackFrames();
      const frames = await collect(await animation(kind, [0, 50, 10, 200, 20]), { format: 'RGB' });
      expect(frames.map((frame) => [pageOf(frame), frame.timestamp, frame.duration])).toEqual([
        [0, 0, 100_000],
        [1, 100_000, 50_000],
        [2, 150_000, 100_000],
        [3, 250_000, 200_000],
        [4, 450_000, 20_000],
      ]);
      for (const frame of frames) frame.close();
      tracker.assertNone();
    },
  );

  it.each([
    ['once if it does not say', 1, undefined, 2],
    ['as often as it says', 3, undefined, 6],
    ['as often as it is told', 3, 2, 4],
    ['once if it is told', 0, false, 2],
  ] as const)('plays %s', async (_, stored, loop, expected) => {
    for (const kind of ['gif', 'webp'] as const) {
      const frames = await collect(await animation(kind, [50, 100], stored), { loop, format: 'RGB' });
      expect(frames.map(pageOf)).toEqual(Array.from({ length: expected }, (_, index) => index % 2));
      expect(frames.at(-1)!.timestamp).toBe((expected / 2 - 1) * 150_000 + 50_000);
      for (const frame of frames) frame.close();
    }
  });

  it('ends after a duration or a number of frames if it goes on for ever', async () => {
    const gif = await animation('gif', [50, 100], 0);
    const shown = async (options: FromImageOptions) => {
      const frames = await collect(gif, { format: 'RGB', ...options });
      for (const frame of frames) frame.close();
      return frames.map(({ timestamp, duration }) => [timestamp / 1e3, duration / 1e3]);
    };
    const first = [
      [0, 50],
      [50, 100],
      [150, 50],
    ];
    expect(await shown({ frames: 3 })).toEqual(first);
    expect(await shown({ duration: 0.2 })).toEqual(first);
    expect(await shown({ duration: 0.12 })).toEqual([
      [0, 50],
      [50, 70],
    ]);
    expect(await shown({ loop: true, duration: 0.2 })).toEqual(first);
  });

  it('comes at a constant rate if one is wanted, decoded once', async () => {
    using tracker = trackFrames();
    const gif = await animation('gif', [50, 100, 200]);
    const before = videoFramePool.stats.requests;
    const frames = await collect(gif, { frameRate: 25, loop: 2, format: 'RGB' });
    expect(videoFramePool.stats.requests - before).toBe(3);
    const expected = frames.map(({ timestamp }) => {
      const time = (timestamp / 1e3) % 350;
      return time < 50 ? 0 : time < 150 ? 1 : 2;
    });
    expect(frames.map(pageOf)).toEqual(expected);
    expect(frames).toHaveLength(Math.ceil(700 / 40));
    for (const frame of frames) frame.close();
    tracker.assertNone();
  });

  it('scales each page, with bars of its own', async () => {
    const frames = await collect(await animation('gif', [50, 100]), {
      width: 16,
      height: 8,
      format: 'RGBA',
      background: '#102030',
    });
    for (const frame of frames) {
      expect(pixelsAt(frame, 0, 4)).toEqual([16, 32, 48, 255]);
      expect(pixelsAt(frame, 15, 0)).toEqual([16, 32, 48, 255]);
      expect(pixelsAt(frame, 8, 4)[2]).toBe(64);
      frame.close();
    }
  });

  it('holds no more than two pieces of a large animation, in order over the seam and the rounds', async () => {
    using tracker = trackFrames();
    // 3 MiB a page: pieces of 10 pages.
    const webp = await animation('webp', Array(23).fill(40), 2, 888);
    const context = new ActorDouble();
    const pages: number[] = [];
    let highest = 0;
    const done = new Promise<void>((resolve, reject) =>
      withContext(context, () =>
        fromImage(webp, { format: 'RGB' }).subscribe({
          next: (frame) => {
            pages.push(pageOf(frame));
            highest = Math.max(highest, tracker.open);
            frame.close();
          },
          complete: resolve,
          error: reject,
        }),
      ),
    );
    await done;
    expect(pages).toEqual([...Array(23).keys(), ...Array(23).keys()]);
    expect(highest).toBeLessThanOrEqual(11);
    tracker.assertNone();
  });
});

describe('fromImage, bad input', () => {
  const code = async (input: ImageInput, options: FromImageOptions = {}) => {
    const result = await one(input, options).catch((error: unknown) => error);
    if (!isSluiceError(result)) throw new Error('it was shown', { cause: result });
    return [result.code, result.message] as const;
  };

  it('names what is no file', async () => {
    const missing = join(folder, 'missing.png');
    expect(await code(missing)).toEqual(['SLUICE_FILE_READ', expect.stringContaining(missing)]);
    const directory = join(folder, 'directory');
    await mkdir(directory);
    expect(await code(directory)).toEqual(['SLUICE_FILE_READ', expect.stringContaining(directory)]);
    const show = graph('show');
    show.from(fromImage(missing)).to(toFrames<VideoFrame>());
    await expect(show.run()).rejects.toMatchObject({ code: 'SLUICE_FILE_READ' });
  });

  it('names what is no image', async () => {
    expect((await code(Buffer.alloc(0)))[0]).toBe('SLUICE_IMAGE_FORMAT');
    expect((await code(Buffer.from('Good morning, this is a letter and no picture')))[0]).toBe('SLUICE_IMAGE_FORMAT');
    const path = join(folder, 'empty.png');
    await writeFile(path, '');
    expect(await code(path)).toEqual(['SLUICE_IMAGE_FORMAT', expect.stringContaining(path)]);
    const png = await drawing().png().toBuffer();
    expect((await code(png.subarray(0, 20)))[0]).toBe('SLUICE_IMAGE_FORMAT');
  });

  it.each([
    ['PNG', () => drawing().png()],
    ['JPEG', () => drawing().jpeg()],
    ['WebP', () => drawing().webp({ lossless: true })],
    ['AVIF', () => drawing().avif()],
    ['GIF', () => drawing().gif()],
    ['TIFF', () => drawing().tiff()],
  ])('names a %s that is cut short', async (_, encode) => {
    const whole = await encode().toBuffer();
    const [given] = await code(whole.subarray(0, Math.floor(whole.length * 0.7)));
    expect(['SLUICE_IMAGE_CORRUPT', 'SLUICE_IMAGE_FORMAT']).toContain(given);
  });

  it('names a PNG with wrong bytes in its pixels, and the file', async () => {
    const png = await drawing().png().toBuffer();
    const path = join(folder, 'wrong.png');
    await writeFile(path, png.fill(0x55, png.indexOf('IDAT') + 10, png.length - 20));
    expect(await code(path)).toEqual(['SLUICE_IMAGE_CORRUPT', expect.stringContaining(path)]);
  });

  it('refuses what unpacks to too much before it is unpacked', async () => {
    const lie = await drawing().png().toBuffer();
    lie.writeUInt32BE(100_000, 16);
    lie.writeUInt32BE(100_000, 20);
    expect(await code(lie)).toEqual(['SLUICE_IMAGE_TOO_LARGE', expect.stringContaining('100000 x 100000')]);
    expect((await code(await drawing().png().toBuffer(), { maxPixels: width * height - 1 }))[0]).toBe(
      'SLUICE_IMAGE_TOO_LARGE',
    );
    const svg = (side: number) =>
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"/>`);
    expect((await code(svg(30_000), { width: 10 }))[0]).toBe('SLUICE_IMAGE_TOO_LARGE');
    const wide = await sharp({ create: { width: 20_000, height: 2, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    expect(await code(wide)).toEqual(['SLUICE_IMAGE_TOO_LARGE', expect.stringContaining('16384')]);
    (await one(wide, { width: 1_000 })).close();
    expect(await code(svg(10), { width: 16_000 })).toEqual([
      'SLUICE_IMAGE_TOO_LARGE',
      expect.stringContaining('256000000'),
    ]);
    const huge = join(folder, 'huge.png');
    await writeFile(huge, '');
    await truncate(huge, 300 * 1024 * 1024);
    expect(await code(huge)).toEqual(['SLUICE_IMAGE_TOO_LARGE', expect.stringContaining(huge)]);
  });

  it('gives frames or a typed error for any bytes', async () => {
    const samples = await Promise.all([
      drawing().png().toBuffer(),
      drawing().jpeg().toBuffer(),
      drawing().webp().toBuffer(),
      drawing().gif().toBuffer(),
      drawing().tiff().toBuffer(),
      drawing().avif({ effort: 0 }).toBuffer(),
      animation('gif', [10, 20, 30]),
      animation('webp', [10, 20, 30]),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="5" height="5"/></svg>'),
    ]);
    using tracker = trackFrames();
    const mutated = fc
      .record({
        sample: fc.constantFrom(...samples),
        changes: fc.array(fc.tuple(fc.nat({ max: 120 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }),
        keep: fc.double({ min: 0.1, max: 1, noNaN: true }),
      })
      .map(({ sample, changes, keep }) => {
        const bytes = Buffer.from(sample.subarray(0, Math.ceil(sample.length * keep)));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        return bytes;
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
        const sink = toFrames<VideoFrame>();
        fromImage(bytes, { frames: 4, maxPixels: 2 ** 20, width: 16, height: 16 }).subscribe(sink);
        const outcome = await sink.finished.catch((error: unknown) => error);
        if (Array.isArray(outcome)) for (const frame of outcome as VideoFrame[]) frame.close();
        else expect((outcome as { code: string }).code).toMatch(/^SLUICE_IMAGE_(FORMAT|CORRUPT|TOO_LARGE)$/);
      }),
      { numRuns: 120 },
    );
    tracker.assertNone();
  });

  it.each([
    ['input', () => fromImage(7 as never)],
    ['path', () => fromImage('')],
    ['path', () => fromImage(new URL('https://example.com/a.png'))],
    ['width', () => fromImage('a', { width: 0 })],
    ['height', () => fromImage('a', { height: 1.5 })],
    ['fit', () => fromImage('a', { fit: 'stretch' as never })],
    ['background', () => fromImage('a', { background: 'toString' as never })],
    ['background', () => fromImage('a', { background: '#12345' })],
    ['format', () => fromImage('a', { format: 'NV12' as never })],
    ['colorSpace', () => fromImage('a', { colorSpace: 'bt2020' as never })],
    ['maxPixels', () => fromImage('a', { maxPixels: 0 })],
    ['frameRate', () => fromImage('a', { frameRate: 0 })],
    ['loop', () => fromImage('a', { loop: 0 })],
    ['duration', () => fromImage('a', { duration: -1 })],
    ['frames', () => fromImage('a', { frames: 1, duration: 1 })],
    ['live', () => fromImage('a', { live: 'yes' as never })],
  ])('refuses a bad %s at once', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name} `));
  });
});
