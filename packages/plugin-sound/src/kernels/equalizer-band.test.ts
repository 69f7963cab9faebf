import { describe, expect, it } from 'vitest';
import { gainAt } from './biquad.ts';
import { bandFilter, type EqualizerBand } from './equalizer-band.ts';

const rate = 48_000;
const decibels = (band: EqualizerBand, frequency: number) =>
  20 * Math.log10(Math.max(1e-10, gainAt(bandFilter(band, rate), frequency, rate)));

describe('bandFilter', () => {
  it.each([
    [
      { type: 'peaking', frequency: 1_000, db: 9 },
      [
        [20, 0],
        [1_000, 9],
        [20_000, 0],
      ],
    ],
    [
      { type: 'peaking', frequency: 1_000, db: -9, q: 4 },
      [
        [500, -0.3],
        [1_000, -9],
        [2_000, -0.3],
      ],
    ],
    [
      { type: 'low-shelf', frequency: 200, db: 6 },
      [
        [10, 6],
        [200, 3],
        [5_000, 0],
      ],
    ],
    [
      { type: 'high-shelf', frequency: 4_000, db: -8 },
      [
        [100, 0],
        [4_000, -4],
        [20_000, -8],
      ],
    ],
    [
      { type: 'low-pass', frequency: 1_000 },
      [
        [20, 0],
        [1_000, -3.01],
        [4_000, -24.48],
      ],
    ],
    [
      { type: 'high-pass', frequency: 1_000 },
      [
        [250, -24.1],
        [1_000, -3.01],
        [20_000, 0],
      ],
    ],
    [
      { type: 'notch', frequency: 50 },
      [
        [25, 0],
        [50, -100],
        [100, 0],
      ],
    ],
  ] as const)('%j has its gains', (band, points) => {
    for (const [frequency, wanted] of points) {
      if (wanted === -100) expect(decibels(band, frequency)).toBeLessThan(-100);
      else expect(Math.abs(decibels(band, frequency) - wanted)).toBeLessThan(0.12);
    }
  });

  it('leaves alone what lies above the band of the sound', () => {
    expect(gainAt(bandFilter({ type: 'peaking', frequency: 12_000, db: 12 }, 16_000), 7_000, 16_000)).toBe(1);
    expect(gainAt(bandFilter({ type: 'low-shelf', frequency: 12_000, db: 6 }, 16_000), 100, 16_000)).toBeCloseTo(2, 1);
  });
});
