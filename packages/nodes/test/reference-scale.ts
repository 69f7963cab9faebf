import { bytesPerPixel, videoByteLength } from '@sluice/core';
import type { Picture } from '@sluice/core/kernels';
import type { ScaleFilter } from '../src/kernels/video/scale-axis.ts';
import type { PictureRect } from '../src/kernels/video/scale-picture.ts';

/** A plane as the reference sees it: any sample, the outermost beyond the edges. */
type Samples = (x: number, y: number) => number;

const shapes: Readonly<Record<ScaleFilter, { readonly reach: number; readonly weight: (x: number) => number }>> = {
  linear: { reach: 1, weight: (x) => 1 - Math.abs(x) },
  // R. Keys, Cubic convolution interpolation (1981), equation 15.
  cubic: {
    reach: 2,
    weight: (x) => {
      const s = Math.abs(x);
      return s < 1 ? 1.5 * s ** 3 - 2.5 * s ** 2 + 1 : -0.5 * s ** 3 + 2.5 * s ** 2 - 4 * s + 2;
    },
  },
};

/**
 * The definition, in floating point and in two dimensions at once: a sum over all that the filter reaches, of colours by
 * how opaque they are.
 */
function sample(
  plane: Samples,
  x: number,
  y: number,
  stepX: number,
  stepY: number,
  filter: ScaleFilter,
  opacity: Samples = () => 1,
): number {
  const { reach, weight } = shapes[filter];
  const [wide, high] = [Math.max(stepX, 1), Math.max(stepY, 1)];
  let [sum, total] = [0, 0];
  for (let row = Math.ceil(y - reach * high); row <= y + reach * high; row++)
    for (let column = Math.ceil(x - reach * wide); column <= x + reach * wide; column++) {
      const share = weight((column - x) / wide) * weight((row - y) / high) * opacity(column, row);
      sum += share * plane(column, row);
      total += share;
    }
  return total > 0 ? Math.min(Math.max(Math.round(sum / total), 0), 255) : 0;
}

/** What `scalePicture` is held to: the part `source` of a picture as a whole picture of another size. */
export function referenceScale(
  from: Picture,
  source: PictureRect,
  size: { readonly width: number; readonly height: number },
  filter: ScaleFilter,
): Picture {
  const to = { ...from, ...size, data: new Uint8Array(videoByteLength({ ...from, ...size })) };
  const [stepX, stepY] = [source.width / size.width, source.height / size.height];
  const alpha = { RGBA: 3, BGRA: 3, ARGB: 0, ABGR: 0, RGB: undefined, I420: undefined }[from.format];
  const fill = (fromAt: number, toAt: number, wide: number, high: number, half: 1 | 2, channels: number) => {
    const [width, height] = [Math.ceil(to.width / half), Math.ceil(to.height / half)];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let channel = 0; channel < channels; channel++) {
          const inside = (value: number, end: number) => Math.min(Math.max(value, 0), end - 1);
          const byte = (column: number, row: number, at: number) =>
            from.data[fromAt + (inside(row, high) * wide + inside(column, wide)) * channels + at]!;
          const plane: Samples = (column, row) => byte(column, row, channel);
          const weighted = alpha !== undefined && alpha !== channel;
          const opacity: Samples = (column, row) => (weighted ? byte(column, row, alpha) : 1);
          // Of chroma the middle in pixels: at the end of an odd size a sample has only one.
          const center = (index: number, begin: number, step: number, end: number, size: number) => {
            const pixel = begin + (index * half + (half === 2 && index * 2 + 1 === end ? 0.5 : half / 2)) * step;
            if (half === 1 || index * 2 + 1 !== end || size % 2 === 0 || pixel < size - 2) return pixel / half;
            return (size - 2 + ((pixel - (size - 2)) * 4) / 3) / 2;
          };
          const centerX = center(x, source.x, stepX, to.width, from.width);
          const centerY = center(y, source.y, stepY, to.height, from.height);
          to.data[toAt + (y * width + x) * channels + channel] = sample(
            plane,
            centerX - 0.5,
            centerY - 0.5,
            stepX,
            stepY,
            filter,
            opacity,
          );
        }
  };
  if (from.format !== 'I420') {
    fill(0, 0, from.width, from.height, 1, bytesPerPixel(from.format));
    return to;
  }
  const half = { from: [(from.width + 1) >> 1, (from.height + 1) >> 1] as const, to: (to.width + 1) >> 1 };
  const [fromChroma, toChroma] = [half.from[0] * half.from[1], half.to * ((to.height + 1) >> 1)];
  fill(0, 0, from.width, from.height, 1, 1);
  for (const plane of [0, 1])
    fill(from.width * from.height + plane * fromChroma, to.width * to.height + plane * toChroma, ...half.from, 2, 1);
  return to;
}
