import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blend } from './blend.ts';

const byte = fc.integer({ min: 0, max: 255 });

/** The definition, in floats and with one rounding for each product with alpha. */
function reference(color: number, alpha: number, under: number, opacity: number): number {
  const share = Math.round((alpha * opacity) / 255) / 255;
  return Math.round(color * share + under * (1 - share));
}

describe('blend', () => {
  it('is exact for every colour, opacity and byte beneath', () => {
    const color = Uint8Array.from({ length: 65_536 }, (_, index) => index >> 8);
    const alpha = Uint8Array.from({ length: 65_536 }, (_, index) => index & 255);
    const source = { data: color, alpha, at: 0, stride: 65_536 };
    for (const value of [0, 1, 2, 16, 77, 127, 128, 200, 235, 254, 255])
      for (const opacity of [1, 64, 128, 254, 255]) {
        const under = new Uint8Array(65_536).fill(value);
        blend({ data: under, at: 0, stride: 65_536 }, source, 65_536, 1, opacity);
        const wrong = under.findIndex((got, at) => got !== reference(color[at]!, alpha[at]!, value, opacity));
        expect([value, opacity, wrong]).toEqual([value, opacity, -1]);
      }
  });

  it('touches its rectangle only, whatever its place and size', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 70 }),
      rows: fc.integer({ min: 1, max: 9 }),
      left: fc.integer({ min: 0, max: 5 }),
      right: fc.integer({ min: 0, max: 5 }),
      skip: fc.integer({ min: 0, max: 20 }),
      opacity: byte,
      opaque: fc.boolean(),
    });
    fc.assert(
      fc.property(sizes, fc.infiniteStream(byte), ({ width, rows, left, right, skip, opacity, opaque }, random) => {
        const stride = left + width + right;
        const bytes = (length: number) => Uint8Array.from({ length }, () => random.next().value as number);
        const under = bytes(stride * rows);
        const before = under.slice();
        const over = { data: bytes((width + skip) * rows), at: skip, stride: width + skip };
        const alpha = opaque ? undefined : bytes(over.data.length);
        blend({ data: under, at: left, stride }, alpha === undefined ? over : { ...over, alpha }, width, rows, opacity);
        for (let at = 0; at < under.length; at++) {
          const [x, y] = [(at % stride) - left, Math.floor(at / stride)];
          const from = skip + y * (width + skip) + x;
          const inside = x >= 0 && x < width;
          expect(under[at]).toBe(
            inside ? reference(over.data[from]!, alpha?.[from] ?? 255, before[at]!, opacity) : before[at],
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes rectangles larger than its working memory, in bands', () => {
    const [width, rows] = [40_001, 11];
    const under = new Uint8Array(width * rows).fill(200);
    const over = Uint8Array.from({ length: width * rows }, (_, index) => (index * 31) & 255);
    blend({ data: under, at: 0, stride: width }, { data: over, at: 0, stride: width }, width, rows, 77);
    expect(under.every((got, at) => got === reference(over[at]!, 255, 200, 77))).toBe(true);
  });

  it.each([0, 3] as const)(
    'composites pixels whose alpha is byte %i, to the level, for every alpha of both',
    (place) => {
      const colorAt = place === 0 ? 1 : 0;
      const [over, under] = [new Uint8Array(4 * 65_536), new Uint8Array(4 * 65_536)];
      for (const opacity of [255, 254, 128, 1])
        for (const [color, below] of [
          [255, 0],
          [0, 255],
          [200, 90],
          [3, 251],
          [128, 127],
        ] as const) {
          for (let index = 0; index < 65_536; index++) {
            over.fill(color, 4 * index, 4 * index + 4);
            under.fill(below, 4 * index, 4 * index + 4);
            over[4 * index + place] = index >> 8;
            under[4 * index + place] = index & 255;
          }
          const stride = 65_536;
          blend({ data: under, at: 0, stride }, { data: over, at: 0, stride, alphaPlace: place }, stride, 4, opacity);
          let wrong = -1;
          for (let index = 0; index < 65_536 && wrong < 0; index++) {
            const [s, d] = [Math.round(((index >> 8) * opacity) / 255), index & 255];
            const whole = 255 * s + d * (255 - s);
            const exact = s === 0 ? below : (color * 255 * s + below * d * (255 - s)) / whole;
            const off = Math.abs(under[4 * index + colorAt]! - exact);
            if (off > 0.52 || under[4 * index + place] !== Math.round(whole / 255)) wrong = index;
          }
          expect([opacity, color, below, wrong]).toEqual([opacity, color, below, -1]);
        }
    },
  );

  it('is as exact over opaque pixels as over those without an alpha', () => {
    const over = Uint8Array.from({ length: 4 * 65_536 }, (_, at) => (at % 4 === 3 ? (at >> 2) & 255 : at >> 10));
    for (const below of [0, 77, 255])
      for (const opacity of [255, 100]) {
        const under = Uint8Array.from({ length: 4 * 65_536 }, (_, at) => (at % 4 === 3 ? 255 : below));
        const rows = { data: under, at: 0, stride: 65_536 };
        blend(rows, { data: over, at: 0, stride: 65_536, alphaPlace: 3 }, 65_536, 4, opacity);
        const wrong = under.findIndex(
          (got, at) => got !== (at % 4 === 3 ? 255 : reference(over[at]!, over[at | 3]!, below, opacity)),
        );
        expect([below, opacity, wrong]).toEqual([below, opacity, -1]);
      }
  });

  it('composites a part of pixels and nothing beside it', () => {
    const under = Uint8Array.from({ length: 4 * 7 * 3 }, (_, at) => (at * 37) & 255);
    const before = under.slice();
    const over = new Uint8Array(4 * 3 * 2).fill(255);
    blend({ data: under, at: 4 * 8, stride: 28 }, { data: over, at: 0, stride: 12, alphaPlace: 3 }, 12, 2, 255);
    for (let at = 0; at < under.length; at++) {
      const [x, y] = [((at / 4) | 0) % 7, (at / 28) | 0];
      expect(under[at]).toBe(x >= 1 && x < 4 && y >= 1 ? 255 : before[at]);
    }
  });
});
