import { type ColorFormat, colorFormats, colorSpaces, micros, type VideoFrame, videoFramePool } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Raster } from './raster.ts';
import { Stamp } from './stamp.ts';

const packed = colorFormats.filter((format) => format !== 'I420');
/** Positions of red, green, blue in a pixel. */
const order = { RGBA: [0, 1, 2], RGB: [0, 1, 2], ARGB: [1, 2, 3], ABGR: [3, 2, 1], BGRA: [2, 1, 0] } as const;

function raster(width: number, height: number, seed = 1): Raster {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 16) & 255;
  };
  // Opaque, transparent and partly so.
  const pixel = () => {
    const kind = random();
    return [random(), random(), random(), kind < 80 ? 0 : kind < 160 ? 255 : random()];
  };
  return { width, height, data: Uint8Array.from(Array.from({ length: width * height }, pixel).flat()) };
}

function picture(width: number, height: number, format: ColorFormat, value = 90): VideoFrame {
  const frame = videoFramePool.frame({ width, height, format, timestamp: micros(0) });
  frame.data.fill(value);
  return frame;
}

const byte = fc.constantFrom(0, 1, 90, 128, 254, 255);
const shares = fc.record({
  width: fc.integer({ min: 1, max: 23 }),
  height: fc.integer({ min: 1, max: 17 }),
  ownWidth: fc.integer({ min: 1, max: 19 }),
  ownHeight: fc.integer({ min: 1, max: 13 }),
  x: fc.integer({ min: -20, max: 24 }),
  y: fc.integer({ min: -14, max: 18 }),
  opacity: fc.constantFrom(255, 255, 128, 1),
  seed: fc.integer({ min: 1, max: 1_000 }),
});

describe('Stamp', () => {
  it.each(packed)('composites every pixel of %s by its opacity, and leaves the others alone', (format) => {
    const places = { RGBA: 3, BGRA: 3, ARGB: 0, ABGR: 0, RGB: undefined } as const;
    const own = places[format];
    fc.assert(
      fc.property(shares, byte, ({ width, height, ownWidth, ownHeight, x, y, opacity, seed }, ground) => {
        const over = raster(ownWidth, ownHeight, seed);
        const frame = picture(width, height, format);
        const step = format === 'RGB' ? 3 : 4;
        if (own !== undefined) for (let at = own; at < frame.data.length; at += 4) frame.data[at] = ground;
        new Stamp(over).draw(frame, x, y, opacity);
        for (let at = 0; at < frame.data.length; at++) {
          const [column, row] = [((at / step) | 0) % width, (at / step / width) | 0];
          const [ownX, ownY] = [column - x, row - y];
          const inside = ownX >= 0 && ownX < ownWidth && ownY >= 0 && ownY < ownHeight;
          const from = 4 * (ownY * ownWidth + ownX);
          const alpha = inside ? Math.round((over.data[from + 3]! * opacity) / 255) / 255 : 0;
          // Porter and Duff: what shows of each, of all that shows.
          const below = own === undefined ? 1 : ground / 255;
          const whole = alpha + below * (1 - alpha);
          const channel = (order[format] as readonly number[]).indexOf(at % step);
          const color = over.data[from + channel] ?? 0;
          const mixed = alpha === 0 ? 90 : (color * alpha + 90 * below * (1 - alpha)) / whole;
          const untouched = inside && alpha > 0 ? 255 * whole : ground;
          const expected = channel < 0 ? untouched : mixed;
          expect(Math.abs(frame.data[at]! - expected)).toBeLessThanOrEqual(0.52);
        }
        frame.close();
      }),
      { numRuns: 40 },
    );
  });

  it('mixes the chroma of I420 by the mean of the pixels that share it, at any position and odd sizes', () => {
    fc.assert(
      fc.property(
        shares,
        fc.constantFrom(...colorSpaces),
        ({ width, height, ownWidth, ownHeight, x, y, opacity, seed }, colorSpace) => {
          const over = raster(ownWidth, ownHeight, seed);
          const frame = videoFramePool.frame({ width, height, format: 'I420', colorSpace, timestamp: micros(0) });
          frame.data.fill(100);
          new Stamp(over).draw(frame, x, y, opacity);
          const expected = referenceI420(over, { width, height, x, y, opacity, colorSpace });
          for (const [at, value] of expected.entries())
            expect(Math.abs(frame.data[at]! - value)).toBeLessThanOrEqual(2);
          frame.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('covers an odd picture to its last column and row', () => {
    const frame = picture(5, 3, 'I420', 90);
    const white = { width: 5, height: 3, data: new Uint8Array(60).fill(255) };
    new Stamp(white).draw(frame, 0, 0, 255);
    expect([...frame.data.subarray(0, 15)]).toEqual(Array.from({ length: 15 }, () => 235));
    expect([...frame.data.subarray(15)]).toEqual(Array.from({ length: 12 }, () => 128));
    frame.close();
  });

  it('follows a change of format and size', () => {
    const stamp = new Stamp({ width: 2, height: 2, data: new Uint8Array(16).fill(255) });
    for (const format of [...colorFormats, ...colorFormats]) {
      const frame = picture(4, 4, format, 128);
      stamp.draw(frame, 1, 1, 255);
      const rgba = new Uint8Array(64);
      convertColor(frame, { width: 4, height: 4, format: 'RGBA', data: rgba });
      expect(rgba[4 * 5]).toBeGreaterThan(200);
      expect(rgba[4 * 15]).toBeLessThan(170);
      frame.close();
    }
  });
});

interface Laid {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  readonly opacity: number;
  readonly colorSpace: (typeof colorSpaces)[number];
}

/** By the definition, from the colour of each single pixel, in floats. */
function referenceI420(over: Raster, { width, height, x, y, opacity, colorSpace }: Laid): Float64Array {
  const half = (width + 1) >> 1;
  const planes = [0, width * height, width * height + half * ((height + 1) >> 1)] as const;
  const out = new Float64Array(planes[2] + half * ((height + 1) >> 1)).fill(100);
  const pixel = (column: number, row: number) => {
    const [ownX, ownY] = [column - x, row - y];
    if (ownX < 0 || ownY < 0 || ownX >= over.width || ownY >= over.height) return undefined;
    const at = 4 * (ownY * over.width + ownX);
    const data = over.data.subarray(at, at + 3);
    const yuv = new Uint8Array(3);
    convertColor(
      { width: 1, height: 1, format: 'RGB', data },
      { width: 1, height: 1, format: 'I420', colorSpace, data: yuv },
    );
    return { yuv, alpha: (over.data[at + 3]! * opacity) / 65_025 };
  };
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const laid = pixel(column, row);
      if (laid !== undefined) out[row * width + column]! += (laid.yuv[0]! - 100) * laid.alpha;
    }
  for (let row = 0; row < height; row += 2)
    for (let column = 0; column < width; column += 2) {
      const shared = [0, 1].flatMap((dy) => [0, 1].map((dx) => [column + dx, row + dy] as const));
      const there = shared.filter(([px, py]) => px < width && py < height);
      for (const plane of [1, 2] as const)
        for (const [px, py] of there) {
          const laid = pixel(px, py);
          const at = planes[plane] + (row >> 1) * half + (column >> 1);
          if (laid !== undefined) out[at]! += ((laid.yuv[plane]! - 100) * laid.alpha) / there.length;
        }
    }
  return out;
}
