import {
  type ActorContext,
  type ColorSpace,
  isSluiceError,
  type Micros,
  type Puller,
  type VideoFormat,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { type ExactFrameRate, frameTime } from '../options/exact-frame-rate.ts';
import { namePath } from './byte-io/name-path.ts';

export const truncatedPolicies = ['drop', 'error'] as const;
/**
 * What happens when the input ends inside a frame. `drop`: the part is left out and reported, what came before is
 * played as it is; `error`: the stream fails after the last whole frame.
 */
export type TruncatedPolicy = (typeof truncatedPolicies)[number];

/** Reads pictures of one format, one behind the other. */
export interface PictureReader {
  /** Whole pictures since the beginning. */
  readonly frames: number;
  /** Fills the bytes of the next picture. False at the end; throws a code of `truncationCodes` inside a picture. */
  next(picture: Uint8Array): Promise<boolean>;
  /** Goes back to the first picture. */
  rewind(): void;
  close(): void | Promise<void>;
}

export interface PicturePullerOptions {
  readonly format: VideoFormat & { readonly colorSpace: ColorSpace };
  readonly rate: ExactFrameRate;
  /** How often the pictures are played in all. */
  readonly plays: number;
  readonly truncated: TruncatedPolicy;
  /** For messages. */
  readonly path: string | undefined;
}

const truncationCodes: readonly string[] = ['SLUICE_Y4M_TRUNCATED', 'SLUICE_RAW_VIDEO_PARTIAL'];

/** Reads pictures straight into pooled frames and gives them their times. */
export class PicturePuller implements Puller<VideoFrame> {
  readonly #reader: PictureReader;
  readonly #options: PicturePullerOptions;
  readonly #context: ActorContext;
  #plays: number;
  #index = 0;
  #reported = false;

  constructor(reader: PictureReader, options: PicturePullerOptions, context: ActorContext) {
    this.#reader = reader;
    this.#options = options;
    this.#context = context;
    this.#plays = options.plays;
  }

  async read(): Promise<VideoFrame | null> {
    const frame = this.#blank();
    let filled = false;
    try {
      filled = await this.#fill(frame);
    } finally {
      if (!filled) frame.close();
    }
    if (!filled) return null;
    this.#index++;
    return frame;
  }

  close(): void | Promise<void> {
    return this.#reader.close();
  }

  /** The next picture, from the beginning again while there are plays left; nothing is played for ever. */
  async #fill(frame: VideoFrame): Promise<boolean> {
    while (!(await this.#next(frame))) {
      if (--this.#plays <= 0 || this.#reader.frames === 0) return false;
      this.#reader.rewind();
    }
    return true;
  }

  async #next(frame: VideoFrame): Promise<boolean> {
    try {
      return await this.#reader.next(frame.data);
    } catch (error) {
      const named = namePath(this.#options.path, error);
      if (this.#options.truncated === 'error' || !isSluiceError(error) || !truncationCodes.includes(error.code))
        throw named;
      if (!this.#reported) this.#context.report(named);
      this.#reported = true;
      return false;
    }
  }

  #blank(): VideoFrame {
    const { format, rate } = this.#options;
    const timestamp = frameTime(this.#index, rate);
    const duration = (frameTime(this.#index + 1, rate) - timestamp) as Micros;
    return videoFramePool.frame({ ...format, timestamp, duration }, this.#context.name);
  }
}
