import type { VideoFrame } from '@sluice/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { greyProfile } from '../../test/grey-profile.ts';
import { pngFile, pngProfile } from '../../test/png-file.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { overlay } from '../video/overlay/overlay.ts';
import { fromFrames } from './from-frames.ts';
import { type FromImageOptions, fromImage } from './from-image.ts';

const size = { width: 4, height: 4 } as const;

/** A profile as sharp writes it. */
async function profile(name: 'srgb' | 'p3'): Promise<Buffer> {
  const grey = sharp({ create: { ...size, channels: 3, background: '#888' } });
  const written = await grey.withIccProfile(name).png().toBuffer();
  return (await sharp(written).metadata()).icc!;
}

/** The first pixel, of four alike. */
async function colorOf(bytes: Uint8Array, options: FromImageOptions): Promise<number[]> {
  const sink = toFrames<VideoFrame>();
  fromImage(bytes, { ...options, frames: 1 }).subscribe(sink);
  const [frame] = await sink.finished;
  const color = [...frame!.data.subarray(0, frame!.format.length)];
  expect([...frame!.data.subarray(-color.length)]).toEqual(color);
  frame!.close();
  return color;
}

const png = (depth: 8 | 16, pixel: readonly number[], icc?: Buffer) =>
  pngFile({
    ...size,
    depth,
    pixel: pixel.map((value) => (depth === 8 ? value : value * 257)),
    ...(icc === undefined ? {} : { chunks: [pngProfile(icc)] }),
  });

async function tiff(bytes: Buffer): Promise<Buffer> {
  return sharp(bytes).toColourspace('rgb16').keepIccProfile().tiff({ compression: 'none' }).toBuffer();
}

describe('fromImage, colours with a profile', () => {
  it.each([8, 16] as const)('reads %s bits in sRGB as they are', async (depth) => {
    const icc = await profile('srgb');
    for (const bytes of [png(depth, [200, 80, 40]), png(depth, [200, 80, 40], icc)])
      for (const options of [{}, { width: 2 }, { width: 9, height: 4, fit: 'cover' as const }])
        expect(await colorOf(bytes, { format: 'RGB', ...options })).toEqual([200, 80, 40]);
    expect(await colorOf(png(depth, [200, 80, 40, 128], icc), { format: 'RGBA' })).toEqual([200, 80, 40, 128]);
  });

  it('reads 16 bits in Display P3 as 8 bits, also from TIFF', async () => {
    const icc = await profile('p3');
    const eight = await colorOf(png(8, [200, 80, 40], icc), { format: 'RGB' });
    // What Display P3 says of this colour, in sRGB: IEC 61966-2-1 and SMPTE EG 432-1, rounded.
    for (const [channel, value] of [217, 69, 18].entries()) expect(Math.abs(eight[channel]! - value)).toBeLessThan(2);
    const deep = png(16, [200, 80, 40], icc);
    for (const bytes of [deep, await tiff(deep)])
      expect(await colorOf(bytes, { format: 'RGB', width: 3 })).toEqual([217, 69, 18]);
  });

  it.each([8, 16] as const)('reads greys of %s bits by the curve of their profile', async (depth) => {
    // Linear light: 128 of 255 is 188 in sRGB.
    expect(await colorOf(png(depth, [128], greyProfile(1)), { format: 'RGB' })).toEqual([188, 188, 188]);
    expect(await colorOf(png(depth, [128, 200], greyProfile(1)), { format: 'RGBA' })).toEqual([188, 188, 188, 200]);
    // A power of 2.2 is nearly that of sRGB: 187 is 188.4.
    const [power] = await colorOf(png(depth, [187], greyProfile(2.2)), { format: 'RGB' });
    expect(Math.abs(power! - 188.4)).toBeLessThan(1);
    expect(await colorOf(png(depth, [187]), { format: 'RGB' })).toEqual([187, 187, 187]);
  });

  it('keeps the steps of dark 16-bit greys in linear light apart', async () => {
    // All between the first and the third step of 8 bits.
    const levels: number[] = [];
    for (const level of [260, 340, 420, 500, 580, 660]) {
      const dark = pngFile({ ...size, depth: 16, pixel: [level], chunks: [pngProfile(greyProfile(1))] });
      levels.push((await colorOf(dark, { format: 'RGB' }))[0]!);
    }
    expect(levels).toEqual([...new Set(levels)].sort((a, b) => a - b));
  });

  it('puts the background behind in its own colour', async () => {
    const icc = await profile('srgb');
    const glass = png(16, [0, 0, 0, 0], icc);
    expect(await colorOf(glass, { format: 'RGB', background: '#c85028' })).toEqual([200, 80, 40]);
    expect(
      await colorOf(png(16, [9, 9, 9], icc), { format: 'RGB', background: '#c85028', width: 4, height: 40 }),
    ).toEqual([200, 80, 40]);
  });

  it('passes over a profile of other colours', async () => {
    expect(await colorOf(png(16, [200, 80, 40], greyProfile(1)), { format: 'RGB' })).toEqual([200, 80, 40]);
    expect(await colorOf(png(16, [187], await profile('srgb')), { format: 'RGB' })).toEqual([187, 187, 187]);
  });

  it('turns a deep photo upright', async () => {
    const icc = await profile('srgb');
    const wide = pngFile({
      width: 8,
      height: 4,
      depth: 16,
      pixel: [51_400, 20_560, 10_280],
      chunks: [pngProfile(icc)],
    });
    const turned = await sharp(wide).toColourspace('rgb16').keepIccProfile().withMetadata({ orientation: 6 }).png();
    const sink = toFrames<VideoFrame>();
    fromImage(await turned.toBuffer(), { frames: 1, format: 'RGB' }).subscribe(sink);
    const [frame] = await sink.finished;
    expect([frame!.width, frame!.height]).toEqual([4, 8]);
    frame!.close();
  });

  it('is laid over as it is shown', async () => {
    const bytes = png(16, [200, 80, 40], await profile('srgb'));
    const ground = toFrames<VideoFrame>();
    fromImage(png(8, [0, 0, 0]), { frames: 1, format: 'RGB' }).subscribe(ground);
    const sink = toFrames<VideoFrame>();
    fromFrames(await ground.finished)
      .pipe(overlay({ image: bytes }))
      .subscribe(sink);
    const [frame] = await sink.finished;
    expect([...frame!.data.subarray(0, 3)]).toEqual([200, 80, 40]);
    frame!.close();
  });
});
