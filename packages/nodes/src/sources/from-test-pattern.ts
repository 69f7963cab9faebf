import {
  type ColorFormat,
  type ColorSpace,
  checkColorSpace,
  checkKeys,
  checkVideoFormat,
  type Micros,
  type Puller,
  type Source,
  type VideoFormat,
  type VideoFrame,
  videoByteLength,
  videoFramePool,
} from '@sluice/core';
import { type ExactFrameRate, exactFrameRate, type FrameRate, frameTime } from '../options/exact-frame-rate.ts';
import { countFrames, type FrameCountOptions, frameCountKeys } from '../options/frame-count.ts';
import { PatternArtist } from '../video/pattern/pattern-artist.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** Size, rate and number of the pictures of {@link fromTestPattern}. */
export interface FromTestPatternOptions extends LiveOptions, FrameCountOptions {
  /** Pixels. Default 1280. */
  readonly width?: number | undefined;
  /** Pixels. Default 720. */
  readonly height?: number | undefined;
  /** Frames per second; 29.97 means exactly 30000/1001. Default 30. */
  readonly frameRate?: FrameRate | undefined;
  /** Drawn straight into it, whichever it is. Default I420. */
  readonly format?: ColorFormat | undefined;
  /** Of I420. Default `bt601`. */
  readonly colorSpace?: ColorSpace | undefined;
}

/**
 * Generates a moving test picture that people and machines can read.
 *
 * On a grid of 20 by 12 cells, from the top: colour bars at 75 % (ITU-R BT.471-1 100/0/75/0, in the order of SMPTE
 * EG 1-1990) with the reversed row of blue below; a lane in which a box moves from left to right, whose left edge is at
 * (t mod 2 s) / 2 s of its way; a code of 16 by 3 blocks between two columns of markers that holds the frame number and
 * the rate with a check, for `readTestPattern`; timecode `HH:MM:SS:FF` and frame number; and a patch at the bottom
 * right that is white for 100 ms from the first frame at or after each full second, where `fromSyncBeeps` beeps.
 * The code survives compression at low rates and scaling down to a quarter; pictures below 80x48 are too small for it,
 * those below 160x90 for the text. The timecode counts frames of media time and never skips a number.
 *
 * Frames come from the pool of this thread. Made on demand, or with `live` on the clock; adds no latency.
 *
 * @example
 * ```ts
 * import { fromTestPattern, toY4mFile } from '@sluice/nodes';
 *
 * const file = toY4mFile('pattern.y4m');
 * fromTestPattern({ width: 640, height: 360, frameRate: 29.97, duration: 2 }).subscribe(file);
 * console.log((await file.finished).frames); // 60
 * ```
 * @see readTestPattern for what a picture says after its way, fromSyncBeeps for the sound to it.
 */
export function fromTestPattern(options: FromTestPatternOptions = {}): Source<VideoFrame> {
  checkKeys<FromTestPatternOptions>('fromTestPattern', options, {
    ...frameCountKeys,
    ...liveKeys,
    width: true,
    height: true,
    frameRate: true,
    format: true,
    colorSpace: true,
  });
  const { width = 1_280, height = 720, frameRate = 30, format = 'I420', colorSpace = 'bt601', live } = options;
  const video: VideoFormat = { width, height, format };
  checkVideoFormat(video);
  checkColorSpace(colorSpace);
  const rate = exactFrameRate(frameRate);
  const frames = countFrames(options, rate);
  const open = () => new PatternPuller({ ...video, colorSpace }, rate, frames);
  return frameSource({ name: 'fromTestPattern', format: { kind: 'video', ...video } }, live, open);
}

class PatternPuller implements Puller<VideoFrame> {
  readonly #format: VideoFormat & { readonly colorSpace: ColorSpace };
  readonly #rate: ExactFrameRate;
  readonly #frames: number;
  readonly #artist: PatternArtist;
  #next = 0;

  constructor(format: VideoFormat & { readonly colorSpace: ColorSpace }, rate: ExactFrameRate, frames: number) {
    this.#format = format;
    this.#rate = rate;
    this.#frames = frames;
    this.#artist = new PatternArtist(format, videoByteLength(format), rate);
  }

  read(): VideoFrame | null {
    if (this.#next >= this.#frames) return null;
    const index = this.#next++;
    const timestamp = frameTime(index, this.#rate);
    const duration = (frameTime(index + 1, this.#rate) - timestamp) as Micros;
    const frame = videoFramePool.frame({ ...this.#format, timestamp, duration });
    this.#artist.draw(index, frame);
    return frame;
  }
}
