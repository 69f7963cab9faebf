import { invalidArgument } from '../../errors.ts';
import type { Picture } from '../../kernels/color/picture.ts';
import { checkPictureBytes, checkVideoFormat, describeVideoFormat } from '../../media/video-format.ts';

/** A plane of a picture, or a channel of its colours. */
export type PlaneName = 'y' | 'u' | 'v' | 'r' | 'g' | 'b';

/** How much two pictures differ: peak signal-to-noise ratios in dB. */
export interface PsnrMeasurement {
  /** Over the samples of all planes, in dB: those of I420 count 4 : 1 : 1. `Infinity` if nothing differs. */
  readonly overall: number;
  /** Of each plane, in dB: `y`, `u` and `v` of I420, `r`, `g` and `b` of the others. */
  readonly planes: Readonly<Partial<Record<PlaneName, number>>>;
  /** The largest difference of two samples. */
  readonly maxError: number;
}

/** Samples of one plane: where the first is, how far apart they are, how many there are. */
interface Plane {
  readonly name: PlaneName;
  readonly offset: number;
  readonly step: number;
  readonly length: number;
}

/**
 * How far one picture is from another: the peak signal-to-noise ratio 10 log10(255² / mean squared error). From about 40
 * dB on nobody sees a difference, at 30 dB it looks compressed, below 20 dB it is another picture. Both have one size and
 * are both I420 of one colour space, or both any of the RGB formats, whose order may differ; alpha is left out.
 *
 * @throws TypeError and RangeError for pictures that cannot be compared, `SLUICE_FRAME_SHAPE` for bytes that do not fit
 */
export function psnr(a: Picture, b: Picture): PsnrMeasurement {
  checkComparable(a, b);
  const theirs = planesOf(b);
  const planes: Partial<Record<PlaneName, number>> = {};
  const total = { squares: 0, samples: 0, maxError: 0 };
  for (const [index, plane] of planesOf(a).entries()) {
    const { squares, maxError } = difference(a.data, plane, b.data, theirs[index]!);
    planes[plane.name] = toPsnr(squares, plane.length);
    total.squares += squares;
    total.samples += plane.length;
    total.maxError = Math.max(total.maxError, maxError);
  }
  return { overall: toPsnr(total.squares, total.samples), planes, maxError: total.maxError };
}

function difference(a: Uint8Array, inA: Plane, b: Uint8Array, inB: Plane): { squares: number; maxError: number } {
  let squares = 0;
  let maxError = 0;
  for (let index = 0; index < inA.length; index++) {
    const error = Math.abs(a[inA.offset + index * inA.step]! - b[inB.offset + index * inB.step]!);
    squares += error * error;
    if (error > maxError) maxError = error;
  }
  return { squares, maxError };
}

function toPsnr(squares: number, samples: number): number {
  return squares === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((255 ** 2 * samples) / squares);
}

/** In the order y, u, v or r, g, b, whatever the order in memory. */
function planesOf({ width, height, format }: Picture): readonly Plane[] {
  const pixels = width * height;
  if (format === 'I420') {
    const chroma = ((width + 1) >> 1) * ((height + 1) >> 1);
    return [
      { name: 'y', offset: 0, step: 1, length: pixels },
      { name: 'u', offset: pixels, step: 1, length: chroma },
      { name: 'v', offset: pixels + chroma, step: 1, length: chroma },
    ];
  }
  const at = (name: 'r' | 'g' | 'b') => {
    return { name, offset: format.indexOf(name.toUpperCase()), step: format.length, length: pixels };
  };
  return [at('r'), at('g'), at('b')];
}

function checkComparable(a: Picture, b: Picture): void {
  for (const picture of [a, b]) {
    checkVideoFormat(picture);
    checkPictureBytes(picture, picture.data.length);
  }
  const { colorSpace = 'bt601' } = a;
  const planar = a.format === 'I420';
  const space = planar ? ` ${colorSpace}` : '';
  const alike =
    a.width === b.width &&
    a.height === b.height &&
    planar === (b.format === 'I420') &&
    (!planar || (b.colorSpace ?? 'bt601') === colorSpace);
  if (alike) return;
  const wanted = planar ? `${describeVideoFormat(a)}${space}` : `${a.width}x${a.height} in an RGB format`;
  const given = `${describeVideoFormat(b)}${b.format === 'I420' ? ` ${b.colorSpace ?? 'bt601'}` : ''}`;
  throw invalidArgument('the second picture', `comparable to the first: ${wanted}`, given);
}
