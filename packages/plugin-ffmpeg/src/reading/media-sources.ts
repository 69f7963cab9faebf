import type { AudioFrame, Source, VideoFrame } from '@sluice/core';

/** The sound and the pictures of a file or a stream. */
export interface MediaSources {
  /** The first sound, in frames of 20 ms. Each reader of `fromMedia` has an ffmpeg of its own, started when it subscribes. */
  readonly audio: Source<AudioFrame>;
  /**
   * The first pictures: I420, BT.601, of their own size, turned and stretched to square pixels where the file says so. Of a file at its average rate, pictures being
   * repeated and dropped for it, of a stream of bytes at the rate that ffmpeg takes it for, of a live one as they come; 30 a second where what is told is
   * above 240. An ffmpeg of its own too.
   */
  readonly video: Source<VideoFrame>;
}
