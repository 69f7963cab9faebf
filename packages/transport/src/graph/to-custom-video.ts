import type { Sink, VideoFrame } from '@sluice/core';
import type { CustomVideoSource } from '../devices/custom/custom-video-source.ts';
import { type PictureSummary, pictureSink } from './picture-sink.ts';

/**
 * Shows a stream of pictures on a custom video source, and so on its tracks. Behaves like `toCamera`.
 *
 * @example
 * ```ts
 * const source = new CustomVideoSource(1920, 1080, 'RGBA', { screen: true });
 * await client.addCustomVideoTrack('slides', new CustomVideoTrack(source));
 * fromTestPattern({ width: 1920, height: 1080, live: true }).subscribe(toCustomVideo(source));
 * ```
 *
 * @see toCamera
 */
export function toCustomVideo(source: CustomVideoSource): Sink<VideoFrame, PictureSummary> {
  return pictureSink('toCustomVideo', source);
}
