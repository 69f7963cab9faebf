import { describe, expect, test } from 'vitest';
import type { FirEngine } from './fir-engine.ts';
import { groupTaps, type PolyphaseFilter, polyphaseFilter, resampleQualities } from './polyphase-filter.ts';
import { Resampler } from './resampler.ts';
import { ScalarFirEngine } from './scalar-fir-engine.ts';
import { SimdFirEngine } from './simd-fir-engine.ts';

const engine = new SimdFirEngine();
const scalar = new ScalarFirEngine();

/** Four outputs of the row at `phase` (as many as the engine makes at once), each from the same window. */
function fourOutputs(by: FirEngine, filter: PolyphaseFilter, window: readonly number[], phase: number): number[] {
  const frames = filter.taps + 4 * filter.down;
  const count = 4 * filter.up;
  by.stage(filter, 1, frames, count).set(Int16Array.from({ length: frames }, (_, i) => window[i % filter.taps]!));
  return [...by.run(filter, 1, frames, phase, count).slice(0, count)];
}

/** The coarse and the fine word of each tap of a row; a narrow group has no coarse words. */
function wordsOf({ words, taps, head, wide }: PolyphaseFilter, row: number): { coarse: number; fine: number }[] {
  const narrow = taps / groupTaps - wide;
  const rowStart = row * (narrow + 2 * wide) * groupTaps;
  return Array.from({ length: taps }, (_, tap) => {
    const [group, lane] = [Math.floor(tap / groupTaps), tap % groupTaps];
    const isWide = group >= head && group < head + wide;
    const before = isWide ? narrow + 2 * (group - head) : group < head ? group : group - wide;
    const word = rowStart + before * groupTaps + lane;
    return isWide ? { coarse: words[word]!, fine: words[word + groupTaps]! } : { coarse: 0, fine: words[word]! };
  });
}

describe('SimdFirEngine', () => {
  test.each(resampleQualities)('no accumulator overflows at the worst input for each row, quality %s', (quality) => {
    for (const [input, output] of [
      [48_000, 16_000],
      [16_000, 48_000],
      [44_100, 48_000],
      [768_000, 1_000],
    ] as const) {
      const filter = polyphaseFilter(input, output, quality);
      for (const phase of [0, filter.up >> 1, filter.up - 1]) {
        const taps = wordsOf(filter, phase);
        const worst = [
          taps.map(({ coarse, fine }) => coarse * 2 ** filter.fineBits + fine),
          taps.map(({ fine }) => fine),
          taps.map(({ coarse }) => coarse),
        ];
        for (const [of, values] of worst.entries()) {
          const window = values.map((value) => (value < 0 ? -32_768 : 32_767));
          const expected = fourOutputs(scalar, filter, window, phase);
          expect(fourOutputs(engine, filter, window, phase)).toEqual(expected);
          if (of === 0) expect(expected[0]).toBe(32_767);
        }
      }
    }
  });

  test.each([
    ['fast', 2],
    ['high', 4],
    ['best', 10],
    ['sharp', 4],
  ] as const)('%s spends two words on %i groups around the centre at most', (quality, most) => {
    const filter = polyphaseFilter(16_000, 48_000, quality);
    expect(filter.wide).toBeLessThanOrEqual(most);
    expect(filter.words.length / filter.rows).toBe(filter.taps + filter.wide * groupTaps);
  });

  test('its memory does not grow with the number of resamplers, filters or calls', () => {
    const frame = new Int16Array(1920);
    const use = (seed: number) => {
      for (let i = 0; i < 40; i++) {
        const rates = { inputRate: 44_100 + i * 100, outputRate: 48_000 - seed };
        const resampler = new Resampler({ ...rates, channels: 2, engine });
        for (let call = 0; call < 3; call++) resampler.process(frame);
      }
    };
    use(0);
    const before = engine.memoryBytes;
    for (let seed = 1; seed < 5; seed++) use(seed);
    expect(engine.memoryBytes).toBe(before);
    expect(before).toBeLessThan(2 ** 22);
  });
});
