import type { ColorSpace } from '@sluice/core';

/**
 * What the luma and chroma of a stream mean to receivers, by its codec. VP8 has one colour space, BT.601 (RFC 6386, 9.2).
 * The engine does not say which one a VP9 or AV1 stream has, and browsers read such a stream as BT.709.
 */
export function colorsOf(codec: string | undefined): ColorSpace {
  return codec === undefined || codec.toUpperCase() === 'VP8' ? 'bt601' : 'bt709';
}
