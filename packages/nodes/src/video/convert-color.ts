import {
  type ColorFormat,
  type ColorSpace,
  checkColorFormat,
  checkColorSpace,
  checkKeys,
  type VideoFrame,
} from '@sluice/core';
import { convertColor as convertPicture, sameColors } from '@sluice/core/kernels';
import type { OperatorFunction } from 'rxjs';
import { redraw } from './picture/redraw.ts';

/** What {@link convertColor} converts to. */
export interface ConvertColorOptions {
  /** What leaves. Default: what enters. */
  readonly format?: ColorFormat;
  /** Matrix and range of the I420 that leaves. Default: that of the I420 that enters, `bt601` of what was RGB. */
  readonly colorSpace?: ColorSpace;
}

/**
 * Converts pictures to another colour format, or I420 to another colour space.
 *
 * Within one level of the formulas of ITU-R BT.601 and BT.709; what that costs in detail is the chroma of I420, which
 * has half the resolution. Alpha is kept between formats that have it, lost in those without, 255 where it is new.
 * Pictures that have the colours already pass untouched; others are closed and new ones leave. About 1 ms for 1080p.
 * A graph puts this into links by itself; write it where the place matters. Times, gaps, epochs and changes of size
 * pass. Adds no latency.
 *
 * @example
 * ```ts
 * const pictures = fromRawVideo('camera.bgra', { width: 640, height: 480, format: 'BGRA', frameRate: 30 }).pipe(convertColor({ format: 'I420' }));
 * ```
 * @throws TypeError at once for a format or colour space that does not exist, or neither.
 * @see scale
 */
export function convertColor(options: ConvertColorOptions): OperatorFunction<VideoFrame, VideoFrame> {
  checkKeys<ConvertColorOptions>('convertColor', options, { format: true, colorSpace: true });
  const { format, colorSpace } = options;
  if (format !== undefined || colorSpace === undefined) checkColorFormat(format, 'convertColor.format');
  if (colorSpace !== undefined) checkColorSpace(colorSpace, 'convertColor.colorSpace');

  return redraw('convertColor', (from, fromSpace) => {
    const to = { ...from, format: format ?? from.format };
    const space = to.format === 'I420' ? (colorSpace ?? (from.format === 'I420' ? fromSpace : 'bt601')) : fromSpace;
    if (sameColors({ ...from, colorSpace: fromSpace }, { ...to, colorSpace: space })) return undefined;
    return { format: to, colorSpace: space, draw: convertPicture };
  });
}
