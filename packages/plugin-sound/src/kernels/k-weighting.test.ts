import { describe, expect, it } from 'vitest';
import { gainAt } from './biquad.ts';
import { kWeighting } from './k-weighting.ts';

describe('kWeighting', () => {
  it('is what BS.1770 prints for 48 kHz', () => {
    const [shelf, pass] = kWeighting(48_000);
    // Tables 1 and 2 of the recommendation.
    expect(shelf.b0).toBeCloseTo(1.53512485958697, 9);
    expect(shelf.b1).toBeCloseTo(-2.69169618940638, 9);
    expect(shelf.b2).toBeCloseTo(1.19839281085285, 9);
    expect(shelf.a1).toBeCloseTo(-1.69065929318241, 9);
    expect(shelf.a2).toBeCloseTo(0.73248077421585, 9);
    expect(pass.a1).toBeCloseTo(-1.99004745483398, 9);
    expect(pass.a2).toBeCloseTo(0.99007225036621, 9);
  });

  it.each([8_000, 16_000, 44_100, 96_000, 192_000])('weighs at %i Hz as at 48 kHz', (sampleRate) => {
    const weight = (rate: number, frequency: number) =>
      20 * Math.log10(kWeighting(rate).reduce((gain, filter) => gain * gainAt(filter, frequency, rate), 1));
    for (const frequency of [30, 100, 440, 997, 2_000])
      expect(Math.abs(weight(sampleRate, frequency) - weight(48_000, frequency))).toBeLessThan(
        sampleRate < 44_100 ? 0.45 : 0.05,
      );
  });
});
