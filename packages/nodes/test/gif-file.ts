/** One picture of a GIF: a square of one of the four colours. */
export interface GifPicture {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  /** Of red, green, blue, white. */
  readonly color: 0 | 1 | 2 | 3;
  /** What becomes of it when the next one is drawn; 1: it stays, 2: background, 3: what was before. Default 1. */
  readonly disposal?: 1 | 2 | 3;
}

/** A GIF of 4x4 pixels that has no transparent colour, with the colours red, green, blue, white; red is its background. */
export function gifFile(pictures: readonly GifPicture[]): Uint8Array {
  const colors = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
  const head = [...Buffer.from('GIF89a'), 4, 0, 4, 0, 0xf1, 0, 0, ...colors];
  return Uint8Array.from([...head, ...pictures.flatMap(pictureBytes), 0x3b]);
}

function pictureBytes({ x, y, side, color, disposal = 1 }: GifPicture): number[] {
  const control = [0x21, 0xf9, 4, disposal << 2, 10, 0, 0, 0];
  const codes = codesOf(color, side * side);
  return [...control, 0x2c, x, 0, y, 0, side, 0, side, 0, 0, 2, codes.length, ...codes, 0];
}

/** Codes of 3 bits: the table is cleared before it grows beyond them. */
function codesOf(color: number, count: number): number[] {
  const codes = [4];
  for (let index = 0; index < count; index++) codes.push(color, ...(index % 2 === 1 ? [4] : []));
  codes.push(5);
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const code of codes) {
    bits |= code << held;
    held += 3;
    for (; held >= 8; held -= 8, bits >>= 8) bytes.push(bits & 255);
  }
  return held > 0 ? [...bytes, bits] : bytes;
}
