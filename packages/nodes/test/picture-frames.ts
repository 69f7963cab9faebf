import { micros, type VideoFormat, type VideoFrame, type VideoFrameMeta, videoFramePool } from '@sluice/core';

/** Small and even: 48x32 in I420. */
export const smallVideo: VideoFormat = { width: 48, height: 32, format: 'I420' };
/** 25 frames a second. */
export const frameMicros = 40_000;

/** A frame of the pool whose bytes tell it from every other frame and change from place to place. */
export function pictureAt(
  index: number,
  video: VideoFormat = smallVideo,
  meta: Partial<VideoFrameMeta> = {},
): VideoFrame {
  const times = { timestamp: micros(index * frameMicros), duration: micros(frameMicros) };
  const frame = videoFramePool.frame({ ...video, ...times, ...meta });
  const { data } = frame;
  for (let at = 0; at < data.length; at++) data[at] = (at * 7 + (at >> 6) * 13 + index * 31) & 255;
  return frame;
}

/** Consecutive frames from the `first` on. */
export function pictures(count: number, first = 0, video: VideoFormat = smallVideo): VideoFrame[] {
  return Array.from({ length: count }, (_, index) => pictureAt(first + index, video));
}
