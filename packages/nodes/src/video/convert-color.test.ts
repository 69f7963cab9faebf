import { type ColorFormat, type ColorSpace, colorFormats, type VideoFormat, type VideoFrame } from '@sluice/core';
import { convertColor as convertPicture } from '@sluice/core/kernels';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pictureAt } from '../../test/picture-frames.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { type ConvertColorOptions, convertColor } from './convert-color.ts';

function converted(frame: VideoFrame, options: ConvertColorOptions): VideoFrame {
  let result: VideoFrame | undefined;
  of(frame)
    .pipe(convertColor(options))
    .subscribe((frame) => (result = frame));
  return result!;
}

const size = { width: 33, height: 17 };
const picture = (format: ColorFormat, colorSpace?: ColorSpace) =>
  pictureAt(1, { ...size, format }, colorSpace === undefined ? {} : { colorSpace });

describe('convertColor', () => {
  it.each(colorFormats)('makes %s of every other format, as the kernel does', (format) => {
    for (const other of colorFormats) {
      const frame = picture(other);
      const before = frame.clone();
      const expected = picture(format);
      convertPicture(before, expected);
      const result = converted(frame, { format });
      expect(result).toMatchObject({ ...size, format });
      expect(result.data).toEqual(expected.data);
      for (const each of [result, before, expected]) each.close();
    }
  });

  it('changes the colour space of I420, and keeps it where none is asked for', () => {
    const full = converted(picture('I420', 'bt709'), { colorSpace: 'bt601-full' });
    expect(full).toMatchObject({ format: 'I420', colorSpace: 'bt601-full' });
    const kept = picture('I420', 'bt709');
    expect(converted(kept, { format: 'I420' })).toBe(kept);
    const encoded = converted(picture('RGBA', 'bt709-full'), { format: 'I420' });
    expect(encoded.colorSpace).toBe('bt601');
    for (const frame of [full, kept, encoded]) frame.close();
  });

  it('does nothing to RGB when only a colour space is asked for', () => {
    const frame = picture('RGB');
    expect(converted(frame, { colorSpace: 'bt709' })).toBe(frame);
    frame.close();
  });

  it('refuses what is no format', () => {
    expect(() => convertColor({ format: 'YUYV' as 'RGB' })).toThrow(/convertColor.format is not valid/);
    expect(() => convertColor({ colorSpace: 'bt2020' as 'bt709' })).toThrow(/convertColor.colorSpace/);
    expect(() => convertColor({})).toThrow(TypeError);
    expect(() => convertColor('RGB' as never)).toThrow(/^convertColor is not valid/);
  });
});

const toBgra = ({ width, height }: VideoFormat): VideoFormat => ({ width, height, format: 'BGRA' });
videoOperatorChecklist('convertColor', { make: () => convertColor({ format: 'BGRA' }), produces: toBgra });
