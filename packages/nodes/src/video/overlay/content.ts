import { checkKeys, invalidArgument, VideoFrame } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import { type ImageTolerance, imageTolerances } from '../../formats/image/image-tolerance.ts';
import { checkChoice, checkNumber } from '../../options/check-option.ts';
import { parseColor } from '../../options/color.ts';
import type { Raster } from '../picture/raster.ts';
import type { TextStyle } from './text-svg.ts';

/** What is laid over: exactly one of an image, an SVG, a text or the pixels of a frame. */
export type OverlayContent =
  | {
      /** A path or `file:` URL, or the encoded bytes, as in `fromImage`. Of an animated image, the first picture. */
      readonly image: string | URL | Uint8Array;
      /** Which faults of the image are reported instead of refused. Default `flaws`. */
      readonly tolerance?: ImageTolerance | undefined;
    }
  | {
      /** The document. It may not refer to files. */
      readonly svg: string;
    }
  | ({
      /** Lines end with `\n`. An empty text shows nothing. */
      readonly text: string;
    } & TextStyle)
  | {
      /** Copied at once; the frame stays yours. RGB formats with alpha keep it. */
      readonly frame: VideoFrame;
    };

/** A content that was checked, and the pixels of a frame. */
export type CheckedContent = Exclude<OverlayContent, { readonly frame: VideoFrame }> | { readonly pixels: Raster };

const kinds = ['image', 'svg', 'text', 'frame'] as const;

/** Throws unless it is a content, naming it `name`. Copies the pixels of a frame. */
export function checkContent(name: string, content: OverlayContent): CheckedContent {
  const given = kinds.filter((kind) => (content as { readonly [kind: string]: unknown } | null)?.[kind] !== undefined);
  if (given.length !== 1) throw invalidArgument(name, `an object with one of ${kinds.join(', ')}`, content);
  checkContentKeys(name, content);
  if ('frame' in content) {
    if (!(content.frame instanceof VideoFrame)) throw invalidArgument(`${name}.frame`, 'a VideoFrame', content.frame);
    return { pixels: pixelsOf(content.frame) };
  }
  if ('image' in content) {
    checkImage(name, content.image);
    if (content.tolerance !== undefined) checkChoice(`${name}.tolerance`, content.tolerance, imageTolerances);
  } else if ('svg' in content) {
    if (typeof content.svg !== 'string') throw invalidArgument(`${name}.svg`, 'an SVG document', content.svg);
  } else {
    if (typeof content.text !== 'string') throw invalidArgument(`${name}.text`, 'a string', content.text);
    checkStyle(name, content);
  }
  return content;
}

type ContentOf<K> = Extract<OverlayContent, { readonly [key in K & string]: unknown }>;

function checkContentKeys(name: string, content: OverlayContent): void {
  if ('frame' in content) checkKeys<ContentOf<'frame'>>(name, content, { frame: true });
  else if ('image' in content) checkKeys<ContentOf<'image'>>(name, content, { image: true, tolerance: true });
  else if ('svg' in content) checkKeys<ContentOf<'svg'>>(name, content, { svg: true });
  else
    checkKeys<ContentOf<'text'>>(name, content, {
      text: true,
      font: true,
      sizePx: true,
      color: true,
      background: true,
      padding: true,
    });
}

/** Whether two contents look alike for certain, so that nothing has to be drawn anew. */
export function sameContent(a: OverlayContent | null, b: OverlayContent | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  const [left, right] = [Object.entries(a), b as unknown as Readonly<Record<string, unknown>>];
  return left.length === Object.keys(b).length && left.every(([key, value]) => right[key] === value);
}

function checkImage(name: string, image: unknown): void {
  if (image instanceof Uint8Array || (image instanceof URL && image.protocol === 'file:')) return;
  if (typeof image === 'string' && image !== '' && !image.includes('\0')) return;
  throw invalidArgument(`${name}.image`, 'a path, a file: URL or the bytes of an image', image);
}

function checkStyle(name: string, { font, sizePx, color, background, padding }: TextStyle): void {
  if (font !== undefined && (typeof font !== 'string' || font === ''))
    throw invalidArgument(`${name}.font`, 'the name of a font family', font);
  if (sizePx !== undefined) checkNumber(`${name}.sizePx`, sizePx, { min: 4, max: 2_000, unit: 'pixels' });
  if (padding !== undefined) checkNumber(`${name}.padding`, padding, { min: 0, max: 2_000, unit: 'pixels' });
  if (color !== undefined) parseColor(`${name}.color`, color);
  if (background !== undefined) parseColor(`${name}.background`, background);
}

function pixelsOf(frame: VideoFrame): Raster {
  const { width, height } = frame;
  const data = new Uint8Array(width * height * 4);
  convertColor(frame, { width, height, format: 'RGBA', data });
  return { width, height, data };
}
