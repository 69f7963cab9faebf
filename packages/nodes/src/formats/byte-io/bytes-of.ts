/** The bytes of a Buffer, a Uint8Array of any realm or an ArrayBuffer. */
export function bytesOf(piece: unknown): Uint8Array | undefined {
  if (piece instanceof ArrayBuffer) return new Uint8Array(piece);
  return ArrayBuffer.isView(piece) && Object.prototype.toString.call(piece) === '[object Uint8Array]'
    ? (piece as Uint8Array)
    : undefined;
}
