import { invalidArgument } from '../../errors.ts';
import { checkPictureBytes } from '../../video-format.ts';
import type { Picture } from './picture.ts';
import { scalarConvertColor } from './scalar-convert-color.ts';

/**
 * Converts a picture into another colour format of the same size. `to` is filled; the alpha of formats that get one is
 * 255, and is dropped towards those that have none.
 */
export function convertColor(from: Picture, to: Picture): void {
  if (from.width !== to.width || from.height !== to.height)
    throw invalidArgument('to', `a picture of ${from.width}x${from.height}`, `${to.width}x${to.height}`);
  checkPictureBytes(from, from.data.length);
  checkPictureBytes(to, to.data.length);
  const same = from.format === to.format && (from.format !== 'I420' || from.colorSpace === to.colorSpace);
  if (same) to.data.set(from.data);
  else scalarConvertColor(from, to);
}
