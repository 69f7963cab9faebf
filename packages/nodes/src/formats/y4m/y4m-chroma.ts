import type { Y4mChroma } from './y4m-header.ts';

/**
 * Brings two chroma planes, one behind the other, to 4:2:0: each sample the mean of those it stands for. Where samples
 * are sited inside a pixel is not corrected, at most half a pixel.
 */
export function reduceChroma(from: Uint8Array, chroma: Y4mChroma, width: number, height: number, to: Uint8Array): void {
  const columns = (width + 1) >> 1;
  const stride = chroma === '444' ? width : columns;
  const rows = (height + 1) >> 1;
  for (let plane = 0; plane < 2; plane++)
    for (let row = 0; row < rows; row++) {
      const upper = (plane * height + 2 * row) * stride;
      const lower = 2 * row + 1 < height ? upper + stride : upper;
      const out = (plane * rows + row) * columns;
      if (chroma === '422') {
        for (let x = 0; x < columns; x++) to[out + x] = (from[upper + x]! + from[lower + x]! + 1) >> 1;
        continue;
      }
      for (let x = 0; x < columns; x++) {
        const left = 2 * x;
        const right = left + 1 < width ? left + 1 : left;
        const sum = from[upper + left]! + from[upper + right]! + from[lower + left]! + from[lower + right]!;
        to[out + x] = (sum + 2) >> 2;
      }
    }
}
