import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesPerPixel, checkColorFormat, checkColorSpace, colorFormats, isColorFormat } from './color-format.ts';
import {
  checkPictureBytes,
  checkVideoFormat,
  checkVideoSize,
  describeVideoFormat,
  dimensionRange,
  sameVideoFormat,
  videoByteLength,
} from './video-format.ts';

describe('video formats', () => {
  it('have exact bytes, at every size', () => {
    const size = fc.integer({ min: 1, max: dimensionRange.max });
    fc.assert(
      fc.property(size, size, fc.constantFrom(...colorFormats), (width, height, format) => {
        const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
        const expected = format === 'I420' ? width * height + 2 * chroma : width * height * (format === 'RGB' ? 3 : 4);
        const video = { width, height, format };
        expect(videoByteLength(video)).toBe(expected);
        expect(() => checkPictureBytes(video, expected)).not.toThrow();
        expect(() => checkPictureBytes(video, expected - 1)).toThrow(/the bytes do not fit the picture/);
      }),
    );
    expect(videoByteLength({ width: 1_920, height: 1_080, format: 'I420' })).toBe(3_110_400);
  });

  it('are bounded in size', () => {
    expect(() => checkVideoSize(4_096, 4_096)).not.toThrow();
    expect(() => checkVideoSize(4_096, 4_097)).toThrow(RangeError);
    expect(() => checkVideoSize(16_384, 16_384, 16_384 ** 2)).not.toThrow();
    expect(() => checkVideoSize(2, 2, 3)).toThrow(/width x height is out of range; expected at most 3 pixels/);
    for (const wrong of [0, -1, 16_385]) expect(() => checkVideoSize(1, wrong)).toThrow(RangeError);
    for (const wrong of [1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', null])
      expect(() => checkVideoSize(wrong as number, 1)).toThrow(TypeError);
    expect(() => checkVideoFormat({ width: 1, height: 1, format: 'rgba' as never })).toThrow(TypeError);
  });

  it('compare and describe themselves', () => {
    const hd = { width: 1_280, height: 720, format: 'I420' } as const;
    expect(describeVideoFormat(hd)).toBe('1280x720 I420');
    expect(sameVideoFormat(hd, { ...hd })).toBe(true);
    for (const change of [{ width: 1 }, { height: 1 }, { format: 'RGB' as const }])
      expect(sameVideoFormat(hd, { ...hd, ...change })).toBe(false);
  });
});

describe('colour formats', () => {
  it('are six, in four colour spaces', () => {
    for (const format of colorFormats) {
      expect(isColorFormat(format)).toBe(true);
      expect(() => checkColorFormat(format)).not.toThrow();
    }
    for (const wrong of ['i420', 'NV12', '', undefined, 4]) {
      expect(isColorFormat(wrong)).toBe(false);
      expect(() => checkColorFormat(wrong, 'output')).toThrow(/output is not valid; expected one of RGBA, RGB/);
    }
    expect(() => checkColorSpace('bt2020')).toThrow(/colorSpace is not valid; expected one of bt601, bt601-full/);
    expect([bytesPerPixel('RGB'), bytesPerPixel('ARGB')]).toEqual([3, 4]);
  });
});
