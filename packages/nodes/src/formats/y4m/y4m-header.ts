// YUV4MPEG2: the header, the planes of its chroma formats, and what a file leaves open, which is reported. No clock.

import { type ColorSpace, dimensionRange, SluiceError, videoByteLength } from '@sluice/core';
import { type ExactFrameRate, exactFrameRate } from '../../options/exact-frame-rate.ts';

/** How chroma lies in the file: 4:2:0, 4:2:2, 4:4:4 or not at all. */
export type Y4mChroma = '420' | '422' | '444' | 'mono';

export interface Y4mHeader {
  readonly width: number;
  readonly height: number;
  /** Undefined where the file does not say it, or says 0:0. */
  readonly frameRate: ExactFrameRate | undefined;
  readonly chroma: Y4mChroma;
  readonly colorSpace: ColorSpace;
  /** Whether it says the matrix of its colours. */
  readonly tellsMatrix: boolean;
  /** Width over height of a pixel, if the file tells it. */
  readonly pixelAspect: number | undefined;
}

/** The longest header of a file or a frame that is read, in bytes. */
export const longestY4mLine = 4_096;

const signature = 'YUV4MPEG2';
const chromas: Readonly<Record<string, Y4mChroma>> = {
  '420': '420',
  '420jpeg': '420',
  '420mpeg2': '420',
  '420paldv': '420',
  '422': '422',
  '444': '444',
  mono: 'mono',
};
/** `YUV4MPEG2` says the range but not the matrix; this comment of ours does, where it is not that of BT.601. */
const matrixComment = 'MATRIX=';

/** Whether a first line may still become the header of a Y4M file. */
export function looksLikeY4m(line: string): boolean {
  return line.startsWith(`${signature} `) || signature.startsWith(line);
}

/**
 * Reads the header line of a Y4M file, without its newline (`yuv4mpeg(5)` of mjpegtools). Every number is a claim:
 * nothing is allocated here, and a picture over `maxPixels` is refused.
 *
 * Throws `SLUICE_Y4M_NOT_Y4M`, `SLUICE_Y4M_HEADER` or `SLUICE_Y4M_UNSUPPORTED`.
 */
export function parseY4mHeader(line: string, maxPixels: number): Y4mHeader {
  const [first, ...tokens] = line.split(' ');
  if (first !== signature) throw notY4m(line);
  const values = new Map<string, string>();
  const comments: string[] = [];
  for (const token of tokens) {
    if (token.startsWith('X')) comments.push(token.slice(1));
    else if (token !== '') values.set(token[0]!, token.slice(1));
  }
  const width = dimension('W', values.get('W'));
  const height = dimension('H', values.get('H'));
  if (width * height > maxPixels)
    throw wrong(`${width} x ${height} pixels`, `at most ${maxPixels} pixels`, 'Raise maxPixels if the size is right');
  checkInterlacing(values.get('I'));
  return {
    width,
    height,
    frameRate: rate(values.get('F')),
    chroma: chroma(values.get('C') ?? comment(comments, 'YSCSS=')?.toLowerCase()),
    colorSpace: colorSpace(comments),
    tellsMatrix: matrixOf(comments) !== undefined,
    pixelAspect: pixelAspect(values.get('A')),
  };
}

/** Throws unless a line of bounded length stands before a frame. What it says about the frame is not needed. */
export function checkY4mFrameLine(line: string, frame: number, bounded = true): void {
  if (bounded && (line === 'FRAME' || line.startsWith('FRAME '))) return;
  throw new SluiceError('SLUICE_Y4M_FRAME', `frame ${frame} of the Y4M file does not begin where it should`, {
    expected: `a line FRAME of at most ${longestY4mLine} bytes`,
    received: line,
    fix: 'Check size and chroma format in the header: they give the length of a frame',
  });
}

/** Bytes of each of the two chroma planes. */
export function y4mChromaBytes({ width, height, chroma }: Pick<Y4mHeader, 'width' | 'height' | 'chroma'>): number {
  if (chroma === 'mono') return 0;
  if (chroma === '444') return width * height;
  if (chroma === '422') return ((width + 1) >> 1) * height;
  return (videoByteLength({ width, height, format: 'I420' }) - width * height) / 2;
}

/** Pictures of so many lines are BT.709 for many tools, which write that nowhere. */
export const hdHeight = 720;

/** Readers that take no longer header than this, newline included, are about: GStreamer's `y4mdec`. */
const longestWritten = 80;

/**
 * The header line of an I420 file, newline included. The aspect ratio of pixels is left out: frames do not know it. That
 * frames are progressive is left out where the line would be too long.
 */
export function formatY4mHeader(
  header: Pick<Y4mHeader, 'width' | 'height' | 'colorSpace'> & { readonly frameRate: ExactFrameRate },
): string {
  const { width, height, frameRate, colorSpace } = header;
  const range = colorSpace.endsWith('-full') ? 'FULL' : 'LIMITED';
  const hd = height >= hdHeight;
  const matrix = colorSpace.startsWith('bt709') ? ` X${matrixComment}709` : hd ? ` X${matrixComment}601` : '';
  const { numerator, denominator } = frameRate;
  const size = `${signature} W${width} H${height} F${numerator}:${denominator}`;
  const colors = `C420jpeg XCOLORRANGE=${range}${matrix}\n`;
  const line = `${size} Ip ${colors}`;
  return line.length <= longestWritten ? line : `${size} ${colors}`;
}

export function notY4m(line: string): SluiceError {
  return new SluiceError('SLUICE_Y4M_NOT_Y4M', 'this is not a Y4M file', {
    expected: `${signature} at its beginning`,
    received: line.slice(0, 20),
    fix: 'Convert it with ffmpeg -i FILE out.y4m, or read raw frames with fromRawVideo',
  });
}

function dimension(name: 'W' | 'H', value: string | undefined): number {
  const number = digits(value);
  if (number !== undefined && number >= dimensionRange.min && number <= dimensionRange.max) return number;
  throw wrong(value === undefined ? `no ${name}` : `${name}${value}`, `${name}1 to ${name}${dimensionRange.max}`);
}

function rate(value: string | undefined): ExactFrameRate | undefined {
  if (value === undefined) return undefined;
  const [numerator, denominator, ...more] = value.split(':').map(digits);
  if (numerator === 0 && denominator === 0) return undefined;
  try {
    if (numerator !== undefined && denominator !== undefined && more.length === 0)
      return exactFrameRate({ numerator, denominator });
  } catch (cause) {
    throw wrong(`F${value}`, 'a frame rate from 0.001 to 100,000 per second', undefined, cause);
  }
  throw wrong(`F${value}`, 'a frame rate as F30000:1001');
}

function chroma(value: string | undefined): Y4mChroma {
  if (value === undefined) return '420';
  const known = Object.hasOwn(chromas, value) ? chromas[value] : undefined;
  if (known !== undefined) return known;
  throw new SluiceError('SLUICE_Y4M_UNSUPPORTED', `Y4M with chroma C${value} is not read`, {
    expected: `8 bits in ${Object.keys(chromas).join(', ')}`,
    received: `C${value}`,
    fix: 'Convert it with ffmpeg -i FILE -pix_fmt yuv420p out.y4m',
  });
}

function checkInterlacing(value = 'p'): void {
  if (value === 'p' || value === '?') return;
  if (!['t', 'b', 'm'].includes(value)) throw wrong(`I${value}`, 'Ip, or I? where it is not known');
  throw new SluiceError('SLUICE_Y4M_UNSUPPORTED', 'interlaced video is not read', {
    expected: 'whole frames (Ip or I?)',
    received: `I${value}`,
    fix: 'Deinterlace it with ffmpeg -i FILE -vf yadif out.y4m',
  });
}

function colorSpace(comments: readonly string[]): ColorSpace {
  const told = matrixOf(comments);
  const matrix = told === '709' || told === 'BT709' ? 'bt709' : 'bt601';
  return comment(comments, 'COLORRANGE=') === 'FULL' ? `${matrix}-full` : matrix;
}

function matrixOf(comments: readonly string[]): string | undefined {
  return comment(comments, matrixComment) ?? comment(comments, 'SLUICE_MATRIX=');
}

/** Width over height of a pixel; undefined where it is not known, or no ratio. */
function pixelAspect(value: string | undefined): number | undefined {
  const [width, height] = (value ?? '').split(':').map(digits);
  return width && height ? width / height : undefined;
}

function comment(comments: readonly string[], name: string): string | undefined {
  return comments.find((text) => text.startsWith(name))?.slice(name.length);
}

/** Plain decimal digits: no sign, no fraction, no exponent, nothing that is not exact. */
function digits(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function wrong(received: string, expected: string, fix?: string, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_Y4M_HEADER', 'the header of the Y4M file is wrong', {
    expected,
    received,
    ...(fix === undefined ? {} : { fix }),
    ...(cause === undefined ? {} : { cause }),
  });
}
