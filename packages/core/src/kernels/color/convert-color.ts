import { invalidArgument } from '../../errors.ts';
import { checkPictureBytes } from '../../media/video-format.ts';
import { offeredConverter } from './color-offers.ts';
import type { Picture } from './picture.ts';
import { SimdColorEngine } from './simd-color-engine.ts';

let engine: SimdColorEngine | undefined;

/**
 * Converts a picture into another colour format of the same size, or I420 into another colour space, and fills `to`.
 *
 * To I420 each chroma sample is the mean of 2 x 2 pixels; from I420 each is repeated. Rounded to nearest and clamped:
 * within one level of the formulas of ITU-R BT.601 and BT.709. Between two colour spaces of I420 the way leads through
 * RGB of 8 bits. Alpha is kept between the formats that have it, 255 where it is new. An offered converter may do the
 * work (`offerColorConverter`), a few levels off. About 1 ms for 1080p.
 *
 * @throws TypeError for sizes that differ, `SLUICE_FRAME_SHAPE` for bytes that do not fit a picture
 */
export function convertColor(from: Picture, to: Picture): void {
  if (from.width !== to.width || from.height !== to.height)
    throw invalidArgument('to', `a picture of ${from.width}x${from.height}`, `${to.width}x${to.height}`);
  checkPictureBytes(from, from.data.length);
  checkPictureBytes(to, to.data.length);
  if (sameColors(from, to)) to.data.set(from.data);
  else {
    const offered = offeredConverter(from, to);
    if (offered !== undefined) offered.convert(from, to);
    else {
      engine ??= new SimdColorEngine();
      engine.convert(from, to);
    }
  }
}

/** Whether the bytes mean the same: RGB formats have no colour space. */
export function sameColors(a: Omit<Picture, 'data'>, b: Omit<Picture, 'data'>): boolean {
  if (a.format !== b.format) return false;
  return a.format !== 'I420' || (a.colorSpace ?? 'bt601') === (b.colorSpace ?? 'bt601');
}
