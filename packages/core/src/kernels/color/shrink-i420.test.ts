import fc from 'fast-check';
import { expect, test } from 'vitest';
import { videoByteLength } from '../../media/video-format.ts';
import { PlaneShrinker, shrinkPlane } from './plane-shrinker.ts';
import { shrinkI420 } from './shrink-i420.ts';

const picture = (width: number, height: number, fill: number | ((at: number) => number) = 0) => {
  const data = new Uint8Array(videoByteLength({ width, height, format: 'I420' }));
  return { width, height, data: typeof fill === 'number' ? data.fill(fill) : data.map((_, at) => fill(at)) };
};

test('a half is the mean of four', () => {
  const from = picture(4, 2, 0);
  from.data.set([10, 20, 0, 255, 30, 40, 0, 255]);
  const to = picture(2, 1, 9);
  shrinkI420(from, to);
  expect([...to.data]).toEqual([25, 128, 0, 0]);
});

test('a third, and sizes that do not divide, are means of what they cover', () => {
  const from = picture(6, 3, (at) => (at < 18 ? (at % 6) * 10 : 100));
  const to = picture(2, 1, 0);
  shrinkI420(from, to);
  expect([...to.data]).toEqual([10, 40, 100, 100]);
});

test('one colour stays that colour, whatever the sizes', () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), (w, h, by, down, value) => {
      const from = picture(w, h, value);
      const to = picture(Math.max(1, Math.ceil(w / by)), Math.max(1, Math.ceil(h / down)), value ^ 255);
      shrinkI420(from, to);
      expect(to.data.every((byte) => byte === value)).toBe(true);
    }),
  );
});

test('the vectors give exactly what the plain arithmetic gives, and write nothing else', () => {
  const shrinker = new PlaneShrinker();
  const side = fc.integer({ min: 1, max: 90 });
  const ratio = fc.oneof(fc.constantFrom(1, 2, 3, 4), fc.double({ min: 1, max: 30, noNaN: true }));
  fc.assert(
    fc.property(side, side, ratio, ratio, fc.integer(), fc.boolean(), (width, height, across, down, seed, extreme) => {
      const [w, h] = [Math.floor(width * across), Math.floor(height * down)];
      const from = new Uint8Array(w * h + 7).map((_, at) => {
        const value = Math.imul(at ^ seed, 0x9e3779b1) >>> 24;
        return extreme ? (value > 20 ? 255 : 0) : value;
      });
      const [expected, got] = [new Uint8Array(width * height + 20), new Uint8Array(width * height + 20)];
      shrinkPlane(from, 7, w, h, expected, 10, width, height);
      shrinker.shrink(from, 7, w, h, got, 10, width, height);
      expect(got).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});
