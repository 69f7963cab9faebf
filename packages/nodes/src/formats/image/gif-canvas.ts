/** Pages that `withClearCanvas` puts before those of the file. */
export const clearPages = 1;

/** A page of one pixel that is transparent and stays: graphic control extension, descriptor, two colours, its code. */
const clearPage = [
  [0x21, 0xf9, 4, 0b101, 0, 0, 0, 0],
  [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0x80],
  [0, 0, 0, 0, 0, 0],
  [2, 2, 0x44, 0x01, 0],
].flat();

/**
 * A GIF with a transparent page before its own. The decoder takes an animation in which no page says that it has a
 * transparent colour for opaque, and what no page covers for black; browsers show what is behind.
 */
export function withClearCanvas(gif: Uint8Array): Uint8Array {
  const flags = gif[10] ?? 0;
  const colors = (flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1);
  const head = 13 + colors;
  const cleared = new Uint8Array(gif.length + clearPage.length);
  cleared.set(gif.subarray(0, head));
  cleared.set(clearPage, head);
  cleared.set(gif.subarray(head), head + clearPage.length);
  return cleared;
}
