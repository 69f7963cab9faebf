import type { ColorSpace } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import type { BlendSource } from '../../kernels/video/blend.ts';
import type { Raster } from './raster.ts';

/** How a raster lies on the pairs of pixels that share a chroma sample. */
export interface ChromaGrid {
  /** 1 if its first column is the second of a pair. */
  readonly oddX: number;
  readonly oddY: number;
  /** The raster's column that has no partner because an odd picture ends there; -1 if there is none. */
  readonly loneColumn: number;
  readonly loneRow: number;
}

/** Columns of a raster, or rows, that share a chroma sample: `first` and `last`, of as many as the picture has there. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly of: number;
}

function span(index: number, odd: number, lone: number, size: number): Span {
  const first = 2 * index - odd;
  if (first >= 0 && first === lone) return { first, last: first, of: 1 };
  return { first: Math.max(first, 0), last: Math.min(first + 1, size - 1), of: 2 };
}

/** Colour and opacity of both chroma planes on that grid: means over the covered pixels, colours weighted by alpha. */
export function chromaPlanes(
  { width, height, data }: Raster,
  { oddX, oddY, loneColumn, loneRow }: ChromaGrid,
  colorSpace: ColorSpace = 'bt601',
): readonly [u: Omit<BlendSource, 'at'>, v: Omit<BlendSource, 'at'>] {
  const stride = (width + oddX + 1) >> 1;
  const rows = (height + oddY + 1) >> 1;
  const alpha = new Uint8Array(stride * rows);
  const u = new Uint8Array(stride * rows);
  const v = new Uint8Array(stride * rows);
  const columns = Array.from({ length: stride }, (_, column) => span(column, oddX, loneColumn, width));
  // A row of samples as a picture one pixel high, in which each sample is two equal pixels.
  const size = { width: 2 * stride, height: 1 };
  const mean = { ...size, format: 'RGB', data: new Uint8Array(6 * stride) } as const;
  const converted = { ...size, format: 'I420', colorSpace, data: new Uint8Array(4 * stride) } as const;
  for (let row = 0; row < rows; row++) {
    const { first: top, last: bottom, of: high } = span(row, oddY, loneRow, height);
    for (let column = 0; column < stride; column++) {
      const { first: left, last: right, of: wide } = columns[column]!;
      let red = 0;
      let green = 0;
      let blue = 0;
      let sum = 0;
      for (let y = top; y <= bottom; y++)
        for (let at = 4 * (y * width + left); at <= 4 * (y * width + right); at += 4) {
          const weight = data[at + 3]!;
          red += data[at]! * weight;
          green += data[at + 1]! * weight;
          blue += data[at + 2]! * weight;
          sum += weight;
        }
      alpha[row * stride + column] = Math.round(sum / (wide * high));
      const scale = sum === 0 ? 0 : 1 / sum;
      for (let pixel = 6 * column; pixel < 6 * column + 6; pixel += 3) {
        mean.data[pixel] = Math.round(red * scale);
        mean.data[pixel + 1] = Math.round(green * scale);
        mean.data[pixel + 2] = Math.round(blue * scale);
      }
    }
    convertColor(mean, converted);
    u.set(converted.data.subarray(2 * stride, 3 * stride), row * stride);
    v.set(converted.data.subarray(3 * stride, 4 * stride), row * stride);
  }
  return [
    { data: u, alpha, stride },
    { data: v, alpha, stride },
  ];
}
