/** What is left of pieces of memory behind this many bytes. */
export function piecesAfter(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  let skip = bytes;
  for (const piece of pieces) {
    if (skip < piece.length) left.push(piece.subarray(skip));
    skip = Math.max(skip - piece.length, 0);
  }
  return left;
}
