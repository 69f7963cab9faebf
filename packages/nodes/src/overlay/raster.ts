import { readFile } from 'node:fs/promises';
import { defaultMaxPixels, dimensionRange, SluiceError, toError } from '@sluice/core';
import type { Sharp, SharpOptions } from 'sharp';
import type { CheckedContent } from './content.ts';
import { escapeXml, type TextStyle, textLines, textSvg } from './text-svg.ts';

/** A picture with transparency: red, green, blue and alpha a pixel, not premultiplied. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface RasterSize {
  /** Pixels; with one of the two the other follows. Default: the content's own. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Pixels an inch at which an SVG has its own size. */
const SVG_DENSITY = 72;

const nothing: Raster = { width: 0, height: 0, data: new Uint8Array(0) };
const limits: SharpOptions = { limitInputPixels: defaultMaxPixels, failOn: 'error' };

/**
 * Draws a content, on the threads of libvips. Not larger than 4096 x 4096 pixels in all, or 16,384 on a side.
 *
 * @throws SLUICE_OVERLAY_CONTENT for what cannot be read or drawn
 */
export async function rasterise(content: CheckedContent, size: RasterSize): Promise<Raster> {
  try {
    const picture = await open(content, size);
    if (picture === undefined) return nothing;
    if ('data' in picture) return picture;
    const { data, info } = await picture
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (error) {
    throw new SluiceError('SLUICE_OVERLAY_CONTENT', `the ${kindOf(content)} to be laid over cannot be drawn`, {
      received: toError(error).message,
      expected: `what sharp reads, at most ${defaultMaxPixels} pixels`,
      cause: error,
    });
  }
}

function kindOf(content: CheckedContent): string {
  return 'image' in content ? 'image' : 'svg' in content ? 'SVG' : 'text' in content ? 'text' : 'frame';
}

async function open(content: CheckedContent, size: RasterSize): Promise<Sharp | Raster | undefined> {
  const { width, height } = size;
  const sized = width !== undefined || height !== undefined;
  const fit = width !== undefined && height !== undefined ? 'fill' : 'cover';
  if ('pixels' in content && !sized) return content.pixels;
  // Loaded when it is needed first: whoever lays nothing over does not wait for it.
  const { default: sharp } = await import('sharp');
  const resized = (picture: Sharp) =>
    sized
      ? picture.resize({ ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }), fit })
      : picture;
  if ('pixels' in content) {
    const { data, ...raw } = content.pixels;
    return resized(sharp(data, { raw: { ...raw, channels: 4 } }));
  }
  if ('text' in content) {
    const svg = await layText(sharp, content.text, content);
    return svg === undefined ? undefined : resized(sharp(Buffer.from(svg), { ...limits, density: await density(svg) }));
  }
  // The bytes, not the path: an SVG whose place is known may show the files beside it.
  const bytes =
    'svg' in content
      ? Buffer.from(content.svg)
      : content.image instanceof Uint8Array
        ? content.image
        : await readFile(content.image);
  return resized(sharp(bytes, { ...limits, density: await density(bytes) }).rotate());

  /** An SVG is drawn at the size it is shown in, not enlarged afterwards. */
  async function density(input: string | Uint8Array): Promise<number> {
    if (!sized) return SVG_DENSITY;
    const bytes = typeof input === 'string' ? Buffer.from(input) : input;
    const own = await sharp(bytes, limits).metadata();
    if (own.format !== 'svg') return SVG_DENSITY;
    const scale = Math.max((width ?? 0) / own.width, (height ?? 0) / own.height);
    return Math.min(Math.max(SVG_DENSITY * scale, 1), 100_000);
  }
}

type MakeSharp = typeof import('sharp')['default'];

/** The SVG of a text, as wide as its longest line; undefined if there is nothing to see. */
async function layText(sharp: MakeSharp, text: string, style: TextStyle): Promise<string | undefined> {
  const { font = 'sans-serif', sizePx = 32, padding = sizePx / 4 } = style;
  const lines = textLines(text);
  if (lines.every((line) => line.trim() === '')) return undefined;
  const markup = {
    text: escapeXml(lines.join('\n')),
    font: `${font} ${sizePx}`,
    dpi: SVG_DENSITY,
    align: 'center',
  } as const;
  const { width } = await sharp({ text: markup }).metadata();
  // Letters may begin a little before and end a little after the place that their line reserves.
  const slack = Math.ceil(sizePx / 16);
  const total = Math.ceil(width + 2 * Math.max(padding, slack));
  if (total > dimensionRange.max) throw new RangeError(`the text is ${total} pixels wide`);
  return textSvg(lines, total, style);
}
