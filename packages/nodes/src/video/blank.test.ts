import { colorFormats, type VideoFrame } from '@sluice/core';
import { psnr, trackFrames } from '@sluice/core/testing';
import { of, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pictureAt } from '../../test/picture-frames.ts';
import { runPictures } from '../../test/run-pictures.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { blank } from './blank.ts';
import { convertColor } from './convert-color.ts';

videoOperatorChecklist('blank, on', { make: () => blank({ on: true }) });
videoOperatorChecklist('blank, off', { make: () => blank() });

describe('blank', () => {
  it.each(colorFormats)('covers %s with one colour, at odd sizes too', (format) => {
    const frame = pictureAt(0, { width: 7, height: 5, format });
    of(frame)
      .pipe(blank({ on: true, color: '#204080' }), convertColor({ format: 'RGB' }))
      .subscribe((plain) => {
        const wanted = { width: 7, height: 5, format: 'RGB' } as const;
        const color = Uint8Array.from({ length: 105 }, (_, at) => [0x20, 0x40, 0x80][at % 3]!);
        expect(psnr(plain, { ...wanted, data: color }).overall).toBeGreaterThan(44);
        plain.close();
      });
  });

  it('turns with the next picture, and by a message', () => {
    const source = new Subject<VideoFrame>();
    const cover = blank({ color: 'white' });
    const { seen, context } = runPictures(source, cover);
    const show = () => source.next(pictureAt(1, { width: 4, height: 4, format: 'RGB' }));
    show();
    cover.setOn(true);
    show();
    expect(cover.isOn).toBe(true);
    expect(context.send({ type: 'set-blank', on: false })).toBe(true);
    show();
    expect(seen.map(({ mark }) => mark)).toEqual([31, 255, 31]);
  });

  it('comes by itself when nothing comes any more', async () => {
    const source = new Subject<VideoFrame>();
    const { seen, context } = runPictures(source, blank({ color: 'white', afterMs: 1_000, frameRate: 2 }));
    source.next(pictureAt(1, { width: 4, height: 4, format: 'RGB' }));
    await context.clock.advance(2_100);
    source.next(pictureAt(54, { width: 4, height: 4, format: 'RGB' }));
    expect(seen.map(({ at, mark }) => [at, mark])).toEqual([
      [0, 31],
      [1_000, 255],
      [1_500, 255],
      [2_000, 255],
      [2_100, (54 * 31) & 255],
    ]);
  });

  it('draws once for each size', () => {
    using tracker = trackFrames();
    const source = new Subject<VideoFrame>();
    const bytes = new Set<Uint8Array>();
    const subscription = source.pipe(blank({ on: true })).subscribe((plain) => {
      bytes.add(plain.data);
      plain.close();
    });
    for (let index = 0; index < 5; index++) source.next(pictureAt(index));
    expect(bytes.size).toBe(1);
    subscription.unsubscribe();
    tracker.assertNone();
  });

  it('refuses bad options', () => {
    expect(() => blank({ color: 'blurple' as 'black' })).toThrow(TypeError);
    expect(() => blank('red' as never)).toThrow(/^blank is not valid/);
    expect(() => blank({ on: 1 as unknown as boolean })).toThrow(TypeError);
    expect(() => blank({ afterMs: -1 })).toThrow(RangeError);
    expect(() => blank().setOn('yes' as unknown as boolean)).toThrow(TypeError);
  });
});
