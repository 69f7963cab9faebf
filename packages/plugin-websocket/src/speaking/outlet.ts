// What is said to the far side, as a device: what it was sent, what it has played, what it dropped. No socket, no form.

/** Where a line puts its media: a socket in a form. */
export interface Outlet {
  /** The stream has begun, and the socket has room. */
  readonly open: boolean;
  media(samples: Int16Array): void;
  mark(name: string): void;
  clear(): void;
}

/** A stretch of a line: positions are samples per channel. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly samples: Int16Array;
}

/** Copies samples into pieces of at most `length` samples per channel. */
export function piecesOf(samples: Int16Array, channels: number, from: number, length: number): Piece[] {
  const pieces: Piece[] = [];
  const total = samples.length / channels;
  for (let at = 0; at < total; at += length) {
    const end = Math.min(total, at + length);
    pieces.push({ from: from + at, to: from + end, samples: samples.slice(at * channels, end * channels) });
  }
  return pieces;
}

/** What is left of a piece from a position on; undefined where nothing is. */
export function pieceFrom(piece: Piece, position: number, channels: number): Piece | undefined {
  if (position <= piece.from) return piece;
  if (position >= piece.to) return undefined;
  return { from: position, to: piece.to, samples: piece.samples.slice((position - piece.from) * channels) };
}
