// Devices that pictures are written into: cameras, and what gives the engine the newest one. No sound.

import { type ColorFormat, type Glitches, glitchRates } from '@sluice/core';
import type { PictureInput } from './picture-input.ts';
import { type PictureCounters, PictureLine, type PictureLineOptions } from './picture-line.ts';
import type { PictureTarget } from './video-input.ts';

/** What code draws for: what a camera and a custom source have in common. */
export abstract class PictureDevice {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** How the bytes that are written lie. */
  readonly colorFormat: ColorFormat;
  /** Pictures per second of the device's own schedule; undefined if pictures are sent as they are written. */
  readonly frameRate: number | undefined;
  protected readonly line: PictureLine;

  constructor(options: PictureLineOptions) {
    const { format, frameRate } = options;
    this.width = format.width;
    this.height = format.height;
    this.colorFormat = format.format;
    this.frameRate = frameRate;
    this.line = new PictureLine(options);
  }

  get counters(): PictureCounters {
    return this.line.counters;
  }

  /** Freezes of what was written while somebody could see it, since the device was made. */
  get glitches(): Glitches {
    return glitchRates(this.line.glitches);
  }

  /**
   * Shows a picture: exactly the bytes of one in the device's size and format, which are copied, or a `VideoFrame` of that
   * size and format, which is taken over. Never waits: a picture that the engine is not ready for is replaced by the
   * next one, and counted. The last picture stays, and is sent again to those who come later. It is converted once, on
   * this thread, however many clients send it.
   *
   * @throws `SLUICE_FRAME_SHAPE` for another size or format, `SLUICE_DEVICE_DESTROYED`.
   */
  writeFrame(frame: PictureInput): void {
    this.line.write(frame);
  }

  /** For calls and the ends of graphs. */
  get input(): PictureTarget {
    return this.line;
  }

  /** Ends the device: every later call throws `SLUICE_DEVICE_DESTROYED`. */
  close(): void {
    this.line.close();
  }
}
