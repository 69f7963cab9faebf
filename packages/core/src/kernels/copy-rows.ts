/** A rectangle of bytes within an array. Where it ends is said by a width and a number of rows. */
export interface ByteRows {
  /** What the rectangle lies in. */
  readonly data: Uint8Array;
  /** Index of the first byte. */
  readonly at: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
}

/** Copies a rectangle of bytes. */
export function copyRows(from: ByteRows, to: ByteRows, width: number, rows: number): void {
  if (from.stride === width && to.stride === width) {
    to.data.set(from.data.subarray(from.at, from.at + rows * width), to.at);
    return;
  }
  for (let row = 0; row < rows; row++) {
    const at = from.at + row * from.stride;
    to.data.set(from.data.subarray(at, at + width), to.at + row * to.stride);
  }
}
