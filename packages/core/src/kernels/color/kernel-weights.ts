import type { ColorMatrix, Rgb } from './color-matrix.ts';
import type { PixelLayout } from './pixel-layout.ts';

/** The vectors of weights of assembly/to-i420.ts. */
export function toI420Weights(layout: PixelLayout, { y, u, v, offset, uvBias }: ColorMatrix): Int32Array {
  const redAndBlue = ([r, , b]: Rgb<number>) => (layout.red < layout.blue ? pair(r, b) : pair(b, r));
  return vectors([
    redAndBlue(y),
    pair(y[1], 0),
    redAndBlue(u),
    redAndBlue(v),
    pair(2 * offset, 2 * offset),
    uvBias,
    pair(0xff, 0xff),
  ]);
}

/** The vectors of weights of assembly/from-i420.ts. */
export function fromI420Weights(layout: PixelLayout, { gain, rgb }: ColorMatrix): Int32Array {
  const channels = inOrder(layout, rgb).filter((weight) => weight !== undefined);
  return vectors([pair(gain, gain), ...channels.flatMap(({ u, v, bias }) => [pair(u, v), bias])]);
}

/** Each number in all four lanes of a vector of its own. */
function vectors(lanes: readonly number[]): Int32Array {
  return Int32Array.from(lanes.flatMap((lane) => [lane, lane, lane, lane]));
}

/** For each byte of four pixels the byte it comes from, or 128; then what is added: 255 where alpha is new. */
export function byteOrder(from: PixelLayout, to: PixelLayout): Uint8Array {
  const order = new Uint8Array(32).fill(128, 0, 16);
  for (let pixel = 0; pixel < 4; pixel++) {
    for (const channel of ['red', 'green', 'blue', 'alpha'] as const) {
      const [source, target] = [from[channel], to[channel]];
      if (target === undefined) continue;
      const at = pixel * to.bytes + target;
      if (source === undefined) order[16 + at] = 255;
      else order[at] = pixel * from.bytes + source;
    }
  }
  return order;
}

/** What belongs to red, green and blue as their bytes lie; undefined in the place of alpha. */
function inOrder<T>({ red, green, blue }: PixelLayout, [r, g, b]: Rgb<T>): (T | undefined)[] {
  const order: (T | undefined)[] = [undefined, undefined, undefined, undefined];
  order[red] = r;
  order[green] = g;
  order[blue] = b;
  return order;
}

/** Two words as the two halves of 32 bits. */
function pair(low: number, high: number): number {
  return (low & 0xffff) | (high << 16);
}
