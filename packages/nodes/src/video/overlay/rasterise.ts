import { defaultMaxPixels, dimensionRange, SluiceError, toError } from '@sluice/core';
import type { Metadata, Sharp } from 'sharp';
import { EncodedImage } from '../../formats/image/encoded-image.ts';
import { imageFile } from '../../formats/image/image-input.ts';
import type { ImageTolerance } from '../../formats/image/image-tolerance.ts';
import { loadSharp, type MakeSharp } from '../../formats/image/load-sharp.ts';
import type { Raster, RasterSize } from '../picture/raster.ts';
import type { CheckedContent } from './content.ts';
import { escapeXml, type TextStyle, textLines, textSvg } from './text-svg.ts';

/** Pixels an inch at which an SVG has its own size. */
const SVG_DENSITY = 72;

const nothing: Raster = { width: 0, height: 0, data: new Uint8Array(0) };

/**
 * Draws a content, on the threads of libvips. Not larger than 4096 x 4096 pixels in all, or 16,384 on a side.
 *
 * @param report called with an image that is shown although it is not as it should be
 * @throws SLUICE_OVERLAY_CONTENT for what cannot be read or drawn
 */
export async function rasterise(
  content: CheckedContent,
  size: RasterSize,
  report: (error: unknown) => void,
): Promise<Raster> {
  try {
    return await draw(content, size, report);
  } catch (error) {
    const reason = toError(error).message;
    throw new SluiceError(
      'SLUICE_OVERLAY_CONTENT',
      `the ${kindOf(content)} to be laid over cannot be drawn: ${reason}`,
      {
        expected: `an image that fromImage reads, an SVG or a text, at most ${defaultMaxPixels} pixels`,
        cause: error,
      },
    );
  }
}

function kindOf(content: CheckedContent): string {
  return 'image' in content ? 'image' : 'svg' in content ? 'SVG' : 'text' in content ? 'text' : 'frame';
}

async function draw(content: CheckedContent, size: RasterSize, report: (error: unknown) => void): Promise<Raster> {
  const sized = size.width !== undefined || size.height !== undefined;
  if ('pixels' in content) {
    if (!sized) return content.pixels;
    const { data, ...raw } = content.pixels;
    const makeSharp = await loadSharp();
    return pixelsOf(makeSharp(data, { raw: { ...raw, channels: 4 } }), size);
  }
  if ('text' in content) {
    const svg = await layText(await loadSharp(), content.text, content);
    return svg === undefined ? nothing : drawEncoded(Buffer.from(svg), size, 'flaws', report);
  }
  if ('svg' in content) return drawEncoded(Buffer.from(content.svg), size, 'flaws', report);
  // The bytes, not the path: an SVG whose place is known may show the files beside it.
  return drawEncoded(await imageFile(content.image).read(), size, content.tolerance ?? 'flaws', report);
}

async function drawEncoded(
  bytes: Uint8Array,
  size: RasterSize,
  tolerance: ImageTolerance,
  report: (error: unknown) => void,
): Promise<Raster> {
  const image = await EncodedImage.open(bytes, { tolerance, report });
  const part = { maxPixels: defaultMaxPixels, density: densityFor(image.header, size) };
  return image.decode(part, (pixels) => pixelsOf(pixels, size));
}

/** An SVG is drawn at the size it is shown in, not enlarged afterwards. Of anything else, undefined. */
function densityFor({ format, width: own, height: high }: Metadata, { width, height }: RasterSize): number | undefined {
  if (format !== 'svg') return undefined;
  const asked = Math.max((width ?? 0) / own, (height ?? 0) / high) || 1;
  return Math.min(Math.max(SVG_DENSITY * asked, 1), 100_000);
}

async function pixelsOf(picture: Sharp, { width, height }: RasterSize): Promise<Raster> {
  const fit = width !== undefined && height !== undefined ? 'fill' : 'cover';
  const asked = {
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    fit,
  } as const;
  const sized = width === undefined && height === undefined ? picture : picture.resize(asked);
  const { data, info } = await sized
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** The SVG of a text, as wide as its longest line; undefined if there is nothing to see. */
async function layText(makeSharp: MakeSharp, text: string, style: TextStyle): Promise<string | undefined> {
  const { font = 'sans-serif', sizePx = 32, padding = sizePx / 4 } = style;
  const lines = textLines(text);
  if (lines.every((line) => line.trim() === '')) return undefined;
  const markup = {
    text: escapeXml(lines.join('\n')),
    font: `${font} ${sizePx}`,
    dpi: SVG_DENSITY,
    align: 'center',
  } as const;
  const { width } = await makeSharp({ text: markup }).metadata();
  // Letters may begin a little before and end a little after the place that their line reserves.
  const slack = Math.ceil(sizePx / 16);
  const total = Math.ceil(width + 2 * Math.max(padding, slack));
  if (total > dimensionRange.max) throw new RangeError(`the text is ${total} pixels wide`);
  return textSvg(lines, total, style);
}
