import type { ColorSpace } from '../../media/color-format.ts';

/*
 * The formulas, exact in integers. With R, G, B and Y, U, V of 0 to 255, S the sum over 2 x 2 pixels (at odd edges the
 * last column or row counts twice), `>>` rounding down, all results clamped to 0 to 255:
 *
 *   Y = offset + ((yR R + yG G + yB B + 2 ** 14) >> 15)
 *   U = (uR S(R) + uG S(G) + uB S(B) + uvBias) >> 17, V alike
 *   R = ((gain Y >> 1) + ((rU U + rV V + rBias) >> 7)) >> 6, G and B alike
 *
 * The weights are those of ITU-R BT.601-7 2.5 and BT.709-6 3, in units of 1/32768, 1/128 (gain) and 1/8192; the biases
 * hold the offsets and the halves that make `>>` round. Grey stays grey exactly: the weights of U and V sum to 0, and
 * those of Y to its range.
 */

export type Rgb<T> = readonly [red: T, green: T, blue: T];

export interface ColorMatrix {
  readonly y: Rgb<number>;
  readonly u: Rgb<number>;
  readonly v: Rgb<number>;
  /** Luma of black. */
  readonly offset: number;
  readonly uvBias: number;
  readonly gain: number;
  /** Weights of U and V in red, green and blue, and the bias. */
  readonly rgb: Rgb<{ readonly u: number; readonly v: number; readonly bias: number }>;
}

const matrices = new Map<ColorSpace, ColorMatrix>();

/** The integer weights of a colour space. */
export function colorMatrix(colorSpace: ColorSpace = 'bt601'): ColorMatrix {
  let matrix = matrices.get(colorSpace);
  if (matrix === undefined) {
    matrix = computeMatrix(colorSpace);
    matrices.set(colorSpace, matrix);
  }
  return matrix;
}

function computeMatrix(colorSpace: ColorSpace): ColorMatrix {
  const [kr, kb] = colorSpace.startsWith('bt601') ? [0.299, 0.114] : [0.2126, 0.0722];
  const kg = 1 - kr - kb;
  const full = colorSpace.endsWith('-full');
  const [offset, lumaRange, chromaRange] = full ? [0, 1, 1] : [16, 219 / 255, 224 / 255];

  const forward = (scale: number, red: number, blue: number, sum: number): Rgb<number> => {
    const [r, b] = [Math.round(red * scale), Math.round(blue * scale)];
    return [r, Math.round(sum * scale) - r - b, b];
  };
  const luma = 32_768 * lumaRange;
  const chroma = (32_768 * chromaRange) / 2;
  const gain = Math.round(128 / lumaRange);
  const back = (u: number, v: number) => {
    const weights = { u: Math.round((u * 8192) / chromaRange), v: Math.round((v * 8192) / chromaRange) };
    // Halves of the last shift (32 << 7) and of this one.
    return { ...weights, bias: -128 * (weights.u + weights.v) - offset * gain * 64 + 4096 + 64 };
  };
  return {
    y: forward(luma, kr, kb, 1),
    u: forward(chroma, -kr / (1 - kb), 1, 0),
    v: forward(chroma, 1, -kb / (1 - kr), 0),
    offset,
    uvBias: (128 << 17) + (1 << 16),
    gain,
    rgb: [back(0, 2 - 2 * kr), back((-kb * (2 - 2 * kb)) / kg, (-kr * (2 - 2 * kr)) / kg), back(2 - 2 * kb, 0)],
  };
}
