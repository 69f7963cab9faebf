import type { AudioFormat } from '../../media/audio-format.ts';
import { AudioFrame } from '../../media/audio-frame.ts';
import type { VideoFormat } from '../../media/video-format.ts';
import type { VideoFrame, VideoFrameMeta } from '../../media/video-frame.ts';
import { videoFramePool } from '../../media/video-frame-pool.ts';
import { micros, samplesToMicros } from '../../time/units.ts';

/** Pictures last 40 ms. */
const PICTURE_MICROS = 40_000;

/** Consecutive frames of 20 ms whose samples tell where in the stream they are, and are far from silence. */
export function sounds(count: number, first: number, format: AudioFormat, seed: number): AudioFrame[] {
  const length = format.sampleRate / 50;
  return Array.from({ length: count }, (_, index) => soundAt((first + index) * length, length, format, seed));
}

/** A frame of any length, in samples per channel, that begins at the sample `start` of its stream. */
export function soundAt(start: number, length: number, format: AudioFormat, seed: number): AudioFrame {
  const { sampleRate, channels } = format;
  const samples = new Int16Array(length * channels);
  for (let at = 0; at < samples.length; at++)
    samples[at] = 2_000 + (((start + Math.floor(at / channels) + seed * 977) * 7) % 20_011);
  return new AudioFrame({ samples, timestamp: samplesToMicros(start, sampleRate), sampleRate, channels });
}

/** Consecutive frames of the pool, 25 a second. */
export function pictures(count: number, first: number, video: VideoFormat, seed: number): VideoFrame[] {
  return Array.from({ length: count }, (_, index) => pictureAt(first + index, video, seed));
}

/** A frame of the pool whose bytes tell it from every other frame and change from place to place. */
export function pictureAt(
  index: number,
  video: VideoFormat,
  seed: number,
  meta: Partial<VideoFrameMeta> = {},
): VideoFrame {
  const times = { timestamp: micros(index * PICTURE_MICROS), duration: micros(PICTURE_MICROS) };
  const frame = videoFramePool.frame({ ...video, ...times, ...meta });
  const { data } = frame;
  for (let at = 0; at < data.length; at++) data[at] = (at * 7 + (at >> 6) * 13 + (index + seed) * 31) & 255;
  return frame;
}
