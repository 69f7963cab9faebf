import { checkKeys, invalidArgument, type VideoFrame } from '@sluice/core';
import { turnPicture } from '@sluice/core/kernels';
import type { OperatorFunction } from 'rxjs';
import { redraw } from './picture/redraw.ts';

/** Turns in degrees, clockwise: quarters, since nothing is lost by them. */
export const rotations = [0, 90, 180, 270] as const;
/** A turn in degrees, clockwise. */
export type Rotation = (typeof rotations)[number];

/** How far {@link rotate} turns a picture. */
export interface RotateOptions {
  /** Clockwise. */
  readonly degrees: Rotation;
}

/**
 * Turns pictures by quarters, in any format: a quarter changes width and height over. Nothing is lost; in I420 of an odd
 * size the chroma may be half a sample off. By 0 degrees frames pass untouched, otherwise they are closed and new ones
 * leave. About as much as a colour conversion for half a turn, twice that for a quarter. Times, gaps and epochs pass.
 * Adds no latency.
 *
 * @example
 * ```ts
 * camera.pipe(rotate({ degrees: 90 })).subscribe(toCamera(device));
 * ```
 * @throws TypeError at once for other angles.
 * @see flip
 */
export function rotate(options: RotateOptions): OperatorFunction<VideoFrame, VideoFrame> {
  checkKeys<RotateOptions>('rotate', options, { degrees: true });
  const { degrees } = options;
  if (!rotations.includes(degrees)) throw invalidArgument('rotate.degrees', `one of ${rotations.join(', ')}`, degrees);
  const quarter = degrees === 90 || degrees === 270;

  return redraw('rotate', (from) => {
    if (degrees === 0) return undefined;
    const format = quarter ? { ...from, width: from.height, height: from.width } : from;
    return {
      format,
      draw: (picture, turned) =>
        turnPicture({ ...from, data: picture.data }, { ...format, data: turned.data }, degrees),
    };
  });
}
