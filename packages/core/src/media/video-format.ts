import { invalidArgument, outOfRange, SluiceError } from '../errors.ts';
import { bytesPerPixel, type ColorFormat, checkColorFormat } from './color-format.ts';

/** Size in pixels and colour format of pictures. */
export interface VideoFormat {
  /** In pixels, 1 to 16,384; odd ones too. */
  readonly width: number;
  /** In pixels, 1 to 16,384; odd ones too. */
  readonly height: number;
  /** The order of the colours in the bytes. */
  readonly format: ColorFormat;
}

/** Width and height that frames may have, in pixels. */
export const dimensionRange = { min: 1, max: 16_384 } as const;
/** The most pixels of a picture whose size comes from outside, unless an option says otherwise: 4096 x 4096. */
export const defaultMaxPixels = 4096 * 4096;

/** Throws unless a picture of this size may be made: `TypeError` for what is no size, `RangeError` for a wrong one. */
export function checkVideoSize(width: number, height: number, maxPixels = defaultMaxPixels): void {
  checkDimension(width, 'width');
  checkDimension(height, 'height');
  if (width * height > maxPixels)
    throw outOfRange('width x height', `at most ${maxPixels} pixels`, `${width} x ${height} = ${width * height}`);
}

/** Refuses sizes and formats of pixels that no picture has, or more than `maxPixels` pixels. */
export function checkVideoFormat(video: VideoFormat, maxPixels?: number): void {
  checkVideoSize(video.width, video.height, maxPixels);
  checkColorFormat(video.format);
}

/** Exact bytes of a picture: rows without padding, the chroma planes of I420 rounded up for odd sizes. */
export function videoByteLength({ width, height, format }: VideoFormat): number {
  if (format !== 'I420') return width * height * bytesPerPixel(format);
  return width * height + 2 * ((width + 1) >> 1) * ((height + 1) >> 1);
}

/** Whether two pictures have the same size and the same order of bytes. */
export function sameVideoFormat(a: VideoFormat, b: VideoFormat): boolean {
  return a.width === b.width && a.height === b.height && a.format === b.format;
}

/** `1280x720 I420`, as graphs and messages show it. */
export function describeVideoFormat({ width, height, format }: VideoFormat): string {
  return `${width}x${height} ${format}`;
}

/** Throws `SLUICE_FRAME_SHAPE` unless `length` bytes are a picture of this format. */
export function checkPictureBytes(video: VideoFormat, length: number): void {
  const expected = videoByteLength(video);
  if (length === expected) return;
  throw new SluiceError('SLUICE_FRAME_SHAPE', 'the bytes do not fit the picture', {
    expected: `${expected} bytes for ${describeVideoFormat(video)}`,
    received: `${length} bytes`,
    fix: 'Check width, height and format; rows have no padding',
  });
}

function checkDimension(value: number, name: string): void {
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw invalidArgument(name, 'an integer number of pixels', value);
  if (value < dimensionRange.min || value > dimensionRange.max)
    throw outOfRange(name, `${dimensionRange.min} to ${dimensionRange.max} pixels`, value);
}
