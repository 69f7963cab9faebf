import { checkPictureBytes, checkVideoSize, dimensionRange, invalidArgument } from '@sluice/core';
import type { HostPicture } from './media-host.ts';

/**
 * The most pixels of a picture on its way to or from the engine: 4096 x 4096. A far side chooses what it sends, so this
 * also bounds what it can make us keep: 24 MiB a picture.
 */
const MOST_PIXELS = 4_096 * 4_096;

export function fitsHost(width: number, height: number): boolean {
  return width >= 1 && height >= 1 && Math.max(width, height) <= dimensionRange.max && width * height <= MOST_PIXELS;
}

/** Throws unless the engine can take it: a size in bounds, and exactly its bytes in a buffer of their own. */
export function checkPicture({ width, height, data }: HostPicture): void {
  checkVideoSize(width, height, MOST_PIXELS);
  checkPictureBytes({ width, height, format: 'I420' }, data.length);
  if (data.byteLength !== data.buffer.byteLength)
    throw invalidArgument('data', 'an array that owns its whole buffer', `a part of ${data.buffer.byteLength} bytes`);
}
