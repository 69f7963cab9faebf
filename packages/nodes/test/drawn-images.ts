import type { VideoFrame } from '@sluice/core';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { ImageInput } from '../src/formats/image/image-input.ts';
import { toFrames } from '../src/sinks/to-frames.ts';
import { type FromImageOptions, fromImage } from '../src/sources/from-image.ts';

/** A picture with a gradient each way and a half-transparent lower right corner. */
export const width = 37;
export const height = 23;
export const pixels = new Uint8Array(width * height * 4);
for (let y = 0; y < height; y++)
  for (let x = 0; x < width; x++)
    pixels.set([6 * x, 11 * y, 255 - 6 * x, x > 30 && y > 18 ? 128 : 255], 4 * (y * width + x));
export const opaquePixels = pixels.map((value, index) => (index % 4 === 3 ? 255 : value));
export const drawing = (bytes: Uint8Array = opaquePixels) => sharp(bytes, { raw: { width, height, channels: 4 } });

/** An animation of pages of one colour each. */
export async function animation(kind: 'gif' | 'webp', delay: number[], loop = 1, size = 8): Promise<Buffer> {
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
export const pageOf = ({ data }: VideoFrame) => data[0]! / 32 + (data[1]! / 32) * 8;

export async function collect(input: ImageInput, options: FromImageOptions = {}): Promise<VideoFrame[]> {
  const sink = toFrames<VideoFrame>();
  fromImage(input, options).subscribe(sink);
  return sink.finished;
}

export async function one(input: ImageInput, options: FromImageOptions = {}): Promise<VideoFrame> {
  return (await collect(input, { frames: 1, ...options }))[0]!;
}

/** In decibels, of bytes against bytes. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  expect(a).toHaveLength(b.length);
  const sum = a.reduce((total, value, index) => total + (value - b[index]!) ** 2, 0);
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}

export const pixelsAt = ({ data, width }: VideoFrame, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
];
