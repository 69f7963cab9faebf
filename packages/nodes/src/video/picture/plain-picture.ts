import { sameVideoFormat, type VideoFrame, videoFramePool } from '@sluice/core';
import type { Rgba } from '../../kernels/video/paint.ts';
import { paint, pixelOf } from '../../kernels/video/paint.ts';

/** Pictures of one colour, drawn once for each format they are asked for in. */
export class PlainPicture {
  readonly #color: Rgba;
  #drawn: VideoFrame | undefined;

  constructor(color: Rgba) {
    this.#color = color;
  }

  /** One in the size, colours, time, epoch, gap and utterance of a frame, on bytes that all of them share. */
  like(frame: VideoFrame): VideoFrame {
    if (this.#drawn === undefined || !this.#fits(this.#drawn, frame)) {
      this.#drawn?.close();
      this.#drawn = this.#draw(frame);
    }
    const { timestamp, duration, epoch, gap, utterance } = frame;
    return this.#drawn.derive({ timestamp, duration, epoch, gap, utterance });
  }

  close(): void {
    this.#drawn?.close();
    this.#drawn = undefined;
  }

  #fits(drawn: VideoFrame, frame: VideoFrame): boolean {
    return sameVideoFormat(drawn, frame) && drawn.colorSpace === frame.colorSpace;
  }

  #draw(frame: VideoFrame): VideoFrame {
    const drawn = videoFramePool.like(frame);
    const { width, height, format, colorSpace } = frame;
    paint(drawn, pixelOf(this.#color, format, colorSpace), { x: 0, y: 0, width, height });
    return drawn;
  }
}
