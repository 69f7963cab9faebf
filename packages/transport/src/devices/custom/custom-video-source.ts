import { type ColorFormat, checkKeys } from '@sluice/core';
import { currentDevices } from '../registry.ts';
import { PictureDevice } from '../video/picture-device.ts';
import { type PictureOptions, pictureFormat, pictureKeys, pictureOptions } from '../video/picture-options.ts';

/** Pictures for a custom track. One source may feed any number of tracks and clients. Needs `Daily.init`. */
export class CustomVideoSource extends PictureDevice {
  readonly #forget: () => void;

  /** @param width Pixels. @param height Pixels. @param colorFormat Default `RGBA`. */
  constructor(width: number, height: number, colorFormat: ColorFormat = 'RGBA', options: PictureOptions = {}) {
    checkKeys<PictureOptions>('CustomVideoSource', options, pictureKeys);
    const format = pictureFormat(width, height, colorFormat);
    const checked = pictureOptions(options);
    const devices = currentDevices();
    const { clock, host, load } = devices;
    super({ name: 'a custom video source', format, ...checked, clock, host, load });
    devices.addSource(this);
    this.#forget = () => devices.removeSource(this);
  }

  /** Ends the source: every later call throws `SLUICE_DEVICE_DESTROYED`. */
  override close(): void {
    super.close();
    this.#forget();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
