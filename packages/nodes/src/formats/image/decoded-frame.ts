import { type ColorSpace, type Micros, type VideoFormat, type VideoFrame, videoFramePool } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import type { DecodedPages } from './open-image.ts';

export interface DecodedFrameOptions {
  /** Of I420. */
  readonly colorSpace: ColorSpace;
  /** Who owns the frame, for reports of leaks. */
  readonly owner: string;
}

/** One of the decoded pages as a frame at time 0, in the colours of `format`. */
export function decodedFrame(
  decoded: DecodedPages,
  page: number,
  format: VideoFormat,
  { colorSpace, owner }: DecodedFrameOptions,
): VideoFrame {
  const { width, height } = format;
  const data = decoded.pages[page]!;
  const frame = videoFramePool.frame({ ...format, colorSpace, timestamp: 0 as Micros }, owner);
  convertColor({ width, height, format: decoded.format, data }, frame);
  return frame;
}
