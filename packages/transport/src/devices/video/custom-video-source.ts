import { type ColorFormat, checkKeys } from '@sluice/core';
import { currentDevices } from '../registry.ts';
import type { PictureInput } from './picture-input.ts';
import { type PictureCounters, PictureLine } from './picture-line.ts';
import { type PictureOptions, pictureFormat, pictureKeys, pictureOptions } from './picture-options.ts';
import type { PictureTarget } from './video-input.ts';

/** Pictures for a custom track. One source may feed any number of tracks and clients. Needs `Daily.init`. */
export class CustomVideoSource {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** How the bytes that are written lie. */
  readonly colorFormat: ColorFormat;
  /** Pictures per second of the source's own schedule; undefined if pictures are sent as they are written. */
  readonly frameRate: number | undefined;
  readonly #line: PictureLine;
  readonly #forget: () => void;

  /** @param width Pixels. @param height Pixels. @param colorFormat Default `RGBA`. */
  constructor(width: number, height: number, colorFormat: ColorFormat = 'RGBA', options: PictureOptions = {}) {
    checkKeys<PictureOptions>('CustomVideoSource', options, pictureKeys);
    const format = pictureFormat(width, height, colorFormat);
    const checked = pictureOptions(options);
    const devices = currentDevices();
    const { clock, host } = devices;
    this.width = width;
    this.height = height;
    this.colorFormat = colorFormat;
    this.frameRate = checked.frameRate;
    this.#line = new PictureLine({ name: 'a custom video source', format, ...checked, clock, host });
    devices.addSource(this);
    this.#forget = () => devices.removeSource(this);
  }

  get counters(): PictureCounters {
    return this.#line.counters;
  }

  /**
   * Shows a picture, as `VirtualCameraDevice.writeFrame` does.
   *
   * @throws `SLUICE_FRAME_SHAPE` for another size or format, `SLUICE_DEVICE_DESTROYED`.
   */
  writeFrame(frame: PictureInput): void {
    this.#line.write(frame);
  }

  /** For calls and the ends of graphs. */
  get input(): PictureTarget {
    return this.#line;
  }

  /** Ends the source: every later call throws `SLUICE_DEVICE_DESTROYED`. */
  close(): void {
    this.#line.close();
    this.#forget();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
