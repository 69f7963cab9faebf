import { type ColorMatrix, colorMatrix, type Rgb } from '../src/kernels/color/color-matrix.ts';
import type { Picture } from '../src/kernels/color/picture.ts';
import { type PackedFormat, pixelLayouts } from '../src/kernels/color/pixel-layout.ts';

/** The formulas of color-matrix.ts in plain integers, one sample after another: the kernels equal it bit by bit. */
export function scalarConvertColor(from: Picture, to: Picture): void {
  if (from.format !== 'I420' && to.format !== 'I420') reorder(from, from.format, to, to.format);
  else if (from.format !== 'I420') toI420(from, from.format, to);
  else if (to.format !== 'I420') fromI420(from, to, to.format);
  else {
    const { width, height } = from;
    const rgb = { width, height, format: 'RGB', data: new Uint8Array(width * height * 3) } as const;
    fromI420(from, rgb, 'RGB');
    toI420(rgb, 'RGB', to);
  }
}

const clamp = (value: number) => Math.max(0, Math.min(255, value));
const weigh = (weights: Rgb<number>, rgb: Rgb<number>) =>
  weights[0] * rgb[0] + weights[1] * rgb[1] + weights[2] * rgb[2];

function pixelAt({ data, width }: Picture, format: PackedFormat, x: number, y: number): Rgb<number> {
  const { bytes, red, green, blue } = pixelLayouts[format];
  const at = (y * width + x) * bytes;
  return [data[at + red]!, data[at + green]!, data[at + blue]!];
}

function toI420(from: Picture, format: PackedFormat, to: Picture): void {
  const { width, height } = from;
  const matrix = colorMatrix(to.colorSpace);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      to.data[y * width + x] = clamp(matrix.offset + ((weigh(matrix.y, pixelAt(from, format, x, y)) + 16_384) >> 15));
  const [halfWidth, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1];
  for (let y = 0; y < halfHeight; y++)
    for (let x = 0; x < halfWidth; x++) {
      const sum: [number, number, number] = [0, 0, 0];
      for (const row of [2 * y, Math.min(2 * y + 1, height - 1)])
        for (const column of [2 * x, Math.min(2 * x + 1, width - 1)])
          for (const [index, value] of pixelAt(from, format, column, row).entries()) sum[index]! += value;
      const at = width * height + y * halfWidth + x;
      to.data[at] = clamp((weigh(matrix.u, sum) + matrix.uvBias) >> 17);
      to.data[at + halfWidth * halfHeight] = clamp((weigh(matrix.v, sum) + matrix.uvBias) >> 17);
    }
}

function fromI420(from: Picture, to: Picture, format: PackedFormat): void {
  const { width, height, data } = from;
  const { gain, rgb }: ColorMatrix = colorMatrix(from.colorSpace);
  const layout = pixelLayouts[format];
  const halfWidth = (width + 1) >> 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const luma = (data[y * width + x]! * gain) >> 1;
      const at = width * height + (y >> 1) * halfWidth + (x >> 1);
      const [u, v] = [data[at]!, data[at + halfWidth * ((height + 1) >> 1)]!];
      const pixel = (y * width + x) * layout.bytes;
      for (const [index, channel] of (['red', 'green', 'blue'] as const).entries()) {
        const weights = rgb[index]!;
        const term = (weights.u * u + weights.v * v + weights.bias) >> 7;
        to.data[pixel + layout[channel]] = clamp((luma + term) >> 6);
      }
      if (layout.alpha !== undefined) to.data[pixel + layout.alpha] = 255;
    }
}

function reorder(from: Picture, fromFormat: PackedFormat, to: Picture, toFormat: PackedFormat): void {
  const [source, target] = [pixelLayouts[fromFormat], pixelLayouts[toFormat]];
  for (let pixel = 0; pixel < from.width * from.height; pixel++)
    for (const channel of ['red', 'green', 'blue', 'alpha'] as const) {
      if (target[channel] === undefined) continue;
      const value = source[channel] === undefined ? 255 : from.data[pixel * source.bytes + source[channel]]!;
      to.data[pixel * target.bytes + target[channel]] = value;
    }
}
