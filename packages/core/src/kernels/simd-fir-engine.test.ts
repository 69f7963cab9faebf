import { describe, expect, test } from 'vitest';
import type { FirEngine } from './fir-engine.ts';
import { type PolyphaseFilter, polyphaseFilter, resampleQualities } from './polyphase-filter.ts';
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
        for (const fine of [0, 8]) {
          const window = Array.from({ length: filter.taps }, (_, tap) => {
            const word = filter.words[2 * (phase * filter.taps + (tap & ~7)) + fine + (tap & 7)]!;
            return word < 0 ? -32_768 : 32_767;
          });
          const expected = fourOutputs(scalar, filter, window, phase);
          expect(fourOutputs(engine, filter, window, phase)).toEqual(expected);
          if (fine === 0) expect(expected[0]).toBe(32_767);
        }
      }
    }
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
