import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graph, isSluiceError, type VideoFrame } from '@sluice/core';
import { trackFrames } from '@sluice/core/testing';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { animation, drawing, height, one, width } from '../../test/drawn-images.ts';
import type { ImageInput } from '../formats/image/image-input.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { type FromImageOptions, fromImage } from './from-image.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-from-image-'));
});
afterAll(() => rm(folder, { recursive: true }));

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
