import { type ColorFormat, type ColorSpace, videoByteLength } from '@sluice/core';
import type { Picture } from '@sluice/core/kernels';
import { seededRandom } from '@sluice/core/testing';

/** A picture of noise; of black and white bytes for every third seed, where sums overflow first. */
export function noisePicture(
  format: ColorFormat,
  width: number,
  height: number,
  seed: number,
  colorSpace: ColorSpace = 'bt601',
): Picture {
  const random = seededRandom(seed);
  const extremes = seed % 3 === 0;
  const data = new Uint8Array(videoByteLength({ width, height, format }));
  for (let at = 0; at < data.length; at++) data[at] = extremes ? (random() < 0.5 ? 0 : 255) : random() * 256;
  return { width, height, format, colorSpace, data };
}
