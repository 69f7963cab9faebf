import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRemixer, remixMatrix } from './remix.ts';

const half = Math.SQRT1_2;

describe('remixMatrix', () => {
  test('stereo to mono is the mean, mono to stereo a copy', () => {
    expect(remixMatrix(2, 1)).toEqual([[0.5, 0.5]]);
    expect(remixMatrix(1, 2)).toEqual([[1], [1]]);
    expect(remixMatrix(1, 4)).toEqual([[1], [1], [0], [0]]);
  });

  test('5.1 to stereo is the downmix of BS.775, scaled to unity', () => {
    const sum = 1 + half + half;
    const [left, right] = remixMatrix(6, 2);
    [1, 0, half, 0, half, 0].forEach((gain, i) => {
      expect(left![i]).toBeCloseTo(gain / sum, 12);
    });
    [0, 1, half, 0, 0, half].forEach((gain, i) => {
      expect(right![i]).toBeCloseTo(gain / sum, 12);
    });
  });

  test('more speakers get what they have and silence otherwise', () => {
    expect(remixMatrix(1, 6).flat()).toEqual([0, 0, 1, 0, 0, 0]);
    expect(remixMatrix(2, 6).flat()).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(remixMatrix(3, 7).map((row) => row.indexOf(1))).toEqual([0, 1, 2, -1, -1, -1, -1]);
    expect(remixMatrix(8, 8).map((row) => row.indexOf(1))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('never clips and never loses all of a channel but the LFE', () => {
    const count = fc.integer({ min: 1, max: 16 });
    fc.assert(
      fc.property(count, count, (from, to) => {
        const matrix = remixMatrix(from, to);
        expect(matrix).toHaveLength(to);
        for (const row of matrix) {
          expect(row).toHaveLength(from);
          expect(row.reduce((sum, gain) => sum + gain, 0)).toBeLessThan(1 + 1e-12);
        }
        if (to > from || from > 8 || from === 7 || to === 7) return;
        for (let channel = 0; channel < from; channel++)
          if (channel !== 3 || from < 6 || to >= 6) expect(matrix.some((row) => row[channel]! > 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('createRemixer', () => {
  test('rounds to nearest and clamps', () => {
    expect([...createRemixer({ from: 2, to: 1 })(Int16Array.of(1, 2, -1, -2, 32_767, 32_767))]).toEqual([
      2, -1, 32_767,
    ]);
    const loud = createRemixer({ from: 1, to: 2, matrix: [[2], [-2]] });
    expect([...loud(Int16Array.of(20_000, -20_000))]).toEqual([32_767, -32_768, -32_768, 32_767]);
    expect([...createRemixer({ from: 1, to: 2 })(Int16Array.of(5, 6))]).toEqual([5, 5, 6, 6]);
  });

  test('the short cuts equal the matrix', () => {
    const input = fc.int16Array({ maxLength: 64 });
    fc.assert(
      fc.property(input, (samples) => {
        const even = samples.slice(0, samples.length & ~1);
        expect(createRemixer({ from: 2, to: 1 })(even)).toEqual(
          createRemixer({ from: 2, to: 1, matrix: remixMatrix(2, 1) })(even),
        );
        expect(createRemixer({ from: 1, to: 2 })(samples)).toEqual(
          createRemixer({ from: 1, to: 2, matrix: remixMatrix(1, 2) })(samples),
        );
      }),
    );
  });

  test('bad input is a typed error at once', () => {
    expect(() => createRemixer({ from: 0, to: 1 })).toThrow(RangeError);
    expect(() => createRemixer({ from: 2, to: 1, matrix: [[1, Number.NaN]] })).toThrow(TypeError);
    expect(() =>
      createRemixer({
        from: 2,
        to: 1,
        matrix: [
          [1, 1],
          [1, 1],
        ],
      }),
    ).toThrow(/one row/);
    expect(() => createRemixer({ from: 2, to: 1, matrix: [[1]] })).toThrow(/2 finite gains/);
    expect(() => createRemixer({ from: 2, to: 1 })(new Int16Array(3))).toThrow(/whole frames/);
    expect(() => createRemixer({ from: 3, to: 1 })(new Int16Array(4))).toThrow(/whole frames/);
  });
});
