import { type ActorContext, type Micros, type Puller, type VideoFrame, videoFramePool } from '@sluice/core';
import type { VideoStreamInfo } from './probe-media.ts';
import type { Decoder } from './repeated-decoder.ts';

/** How the pictures that are read look. */
export interface PictureFormat {
  readonly width: number;
  readonly height: number;
  readonly rate: NonNullable<VideoStreamInfo['frameRate']>;
}

/** Reads the pictures that ffmpeg decodes straight into pooled frames; times follow from the index by the exact rate. */
export class PicturePuller implements Puller<VideoFrame> {
  readonly #decoder: Decoder;
  readonly #context: ActorContext;
  readonly #format: PictureFormat;
  #rest: Uint8Array = new Uint8Array(0);
  #index = 0;

  constructor(decoder: Decoder, format: PictureFormat, context: ActorContext) {
    this.#decoder = decoder;
    this.#format = format;
    this.#context = context;
  }

  async read(): Promise<VideoFrame | null> {
    const { width, height } = this.#format;
    const timestamp = this.#time(this.#index);
    const duration = (this.#time(this.#index + 1) - timestamp) as Micros;
    const times = { timestamp, duration, colorSpace: 'bt601' } as const;
    const frame = videoFramePool.frame({ width, height, format: 'I420', ...times }, this.#context.name);
    let whole = false;
    try {
      whole = await this.#fill(frame.data);
    } finally {
      if (!whole) frame.close();
    }
    this.#index++;
    if (whole) return frame;
    this.#decoder.reportComplaint(this.#context);
    return null;
  }

  close(): Promise<void> {
    return this.#decoder.close();
  }

  #time(index: number): Micros {
    const { numerator, denominator } = this.#format.rate;
    return Math.round((index * 1e6 * denominator) / numerator) as Micros;
  }

  async #fill(picture: Uint8Array): Promise<boolean> {
    for (let filled = 0; filled < picture.length; ) {
      if (this.#rest.length === 0) {
        const more = await this.#decoder.next();
        if (more === undefined) return false;
        this.#rest = more;
      }
      const piece = this.#rest.subarray(0, picture.length - filled);
      picture.set(piece, filled);
      filled += piece.length;
      this.#rest = this.#rest.subarray(piece.length);
    }
    return true;
  }
}
