import { type ColorFormat, videoByteLength } from '@sluice/core';
import { convertColor, type Picture } from '@sluice/core/kernels';
import { referenceConvertColor, seededRandom } from '@sluice/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { offerLibyuv } from '../../index.ts';

let takeBack = () => {};
afterEach(() => takeBack());

const sizes = [
  [1, 1],
  [2, 2],
  [3, 2],
  [2, 3],
  [33, 17],
  [64, 48],
  [127, 65],
] as const;

function picture(width: number, height: number, format: ColorFormat): Picture {
  const random = seededRandom(width * height);
  const data = new Uint8Array(videoByteLength({ width, height, format }));
  for (let at = 0; at < data.length; at++) data[at] = Math.floor(random() * 256);
  return { width, height, format, data };
}

const convertedBy = (convert: typeof convertColor, from: Picture, format: ColorFormat) => {
  const { width, height } = from;
  const to = { width, height, format, data: new Uint8Array(videoByteLength({ width, height, format })) };
  convert(from, to);
  return to.data;
};
const furthest = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

describe('offerLibyuv', () => {
  it.each([
    ['RGBA', 'I420'],
    ['I420', 'RGBA'],
  ] as const)('keeps within 3 levels of the formulas from %s to %s, odd sizes included', (from, to) => {
    const sources = sizes.map(([width, height]) => picture(width, height, from));
    const kernel = sources.map((source) => convertedBy(convertColor, source, to));
    takeBack = offerLibyuv();
    const native = sources.map((source) => convertedBy(convertColor, source, to));
    for (const [index, source] of sources.entries())
      expect(furthest(native[index]!, convertedBy(referenceConvertColor, source, to))).toBeLessThanOrEqual(3);
    // It is somebody else who did it.
    expect(native).not.toEqual(kernel);
    takeBack();
    expect(sources.map((source) => convertedBy(convertColor, source, to))).toEqual(kernel);
  });
});
