import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toError } from '@sluice/core';
import { pictureError } from '../errors.ts';
import type { Canvas } from './canvas.ts';

/** Writes a picture with its labels as PNG, beside its place first, so that nobody reads a part of it. */
export async function writePng(path: string, canvas: Canvas): Promise<void> {
  const part = join(dirname(path), `.${randomUUID()}.part`);
  try {
    // Loaded with the first picture: whoever makes none does not wait for it.
    const { default: sharp } = await import('sharp');
    const { width, height } = canvas;
    const image = sharp(canvas.pixels, { raw: { width, height, channels: 3 } });
    const png = await image
      .composite([{ input: Buffer.from(labelsSvg(canvas)) }])
      .removeAlpha()
      .png()
      .toBuffer();
    await writeFile(part, png, { flag: 'wx' });
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => {});
    throw pictureError(path, toError(cause));
  }
}

function labelsSvg({ width, height, labels }: Canvas): string {
  const texts = labels.map(
    ({ x, y, text, anchor }) => `<text x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`,
  );
  const style = 'font-family="sans-serif" font-size="12" fill="#c8ccd4"';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g ${style}>${texts.join('')}</g></svg>`;
}
