import { blend } from './blend.ts';

/** As wide as `blend` takes them. */
const rowBytes = 131_072;

/**
 * Moves all bytes of `picture` towards those of `other`, which is as long, in place: each becomes
 * `round((other * opacity + picture * (255 - opacity)) / 255)`. For pictures of one size and format, whichever it is, as
 * long as they are opaque.
 *
 * @param opacity a whole number from 0 to 255
 */
export function crossFade(picture: Uint8Array, other: Uint8Array, opacity: number): void {
  const rows = Math.floor(picture.length / rowBytes);
  const at = rows * rowBytes;
  const part = (data: Uint8Array, first: number) => ({ data, at: first, stride: rowBytes });
  blend(part(picture, 0), part(other, 0), rowBytes, rows, opacity);
  blend(part(picture, at), part(other, at), picture.length - at, 1, opacity);
}
