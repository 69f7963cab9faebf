import {
  type ColorFormat,
  checkColorFormat,
  checkVideoSize,
  invalidArgument,
  type KeysOf,
  outOfRange,
  type VideoFormat,
} from '@sluice/core';

/** How written pictures are sent. */
export interface PictureOptions {
  /**
   * Pictures per second, 1 to 120: they are sent on a schedule of the device, each time the newest that was written. Adds
   * up to one picture of latency. Default: sent as they are written.
   */
  readonly frameRate?: number;
  /**
   * Whether the last picture is sent again while no new one is written: each second, or at the frame rate, and at once
   * when somebody new can see it. Default true. False: who comes later waits for the next picture.
   */
  readonly repeat?: boolean;
  /** True for slides and text: the encoder then keeps detail and lowers the frame rate first. Default false. */
  readonly screen?: boolean;
}

/** The keys of `PictureOptions`, for those that extend them. */
export const pictureKeys = { frameRate: true, repeat: true, screen: true } as const satisfies KeysOf<PictureOptions>;

/** Size and format of a virtual camera. */
export interface CameraDeviceOptions extends PictureOptions {
  /** Pixels, 1 to 16,384; at most 4096 x 4096 in all. */
  readonly width: number;
  /** Pixels, as `width`. */
  readonly height: number;
  /** How the bytes that are written lie. Default `RGBA`. */
  readonly colorFormat?: ColorFormat;
}

/** The format of the pictures that may be written, checked. */
export function pictureFormat(width: number, height: number, colorFormat: ColorFormat): VideoFormat {
  checkVideoSize(width, height);
  checkColorFormat(colorFormat, 'colorFormat');
  return { width, height, format: colorFormat };
}

/** The options with their defaults. */
export function pictureOptions(options: PictureOptions): {
  frameRate: number | undefined;
  repeat: boolean;
  screen: boolean;
} {
  const { frameRate, repeat = true, screen = false } = options;
  if (frameRate !== undefined && typeof frameRate !== 'number')
    throw invalidArgument('frameRate', 'pictures per second', frameRate);
  if (frameRate !== undefined && !(frameRate >= 1 && frameRate <= 120))
    throw outOfRange('frameRate', '1 to 120 pictures per second', frameRate);
  if (typeof repeat !== 'boolean') throw invalidArgument('repeat', 'true or false', repeat);
  if (typeof screen !== 'boolean') throw invalidArgument('screen', 'true or false', screen);
  return { frameRate, repeat, screen };
}
