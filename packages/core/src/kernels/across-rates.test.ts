import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snr } from '../testing/sound/snr.ts';
import { acrossRates } from './across-rates.ts';
import { Resampler } from './resampler.ts';

const rates = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000];

/** A tone of both channels, the second in the opposite phase, from `from` on. */
function tone(frequency: number, sampleRate: number, from: number, frames: number, channels: number): Int16Array {
  return Int16Array.from({ length: frames * channels }, (_, index) => {
    const time = (from + Math.floor(index / channels)) / sampleRate;
    const sample = 20_000 * Math.sin(2 * Math.PI * frequency * time + 0.9);
    return Math.round(index % channels === 0 ? sample : -sample);
  });
}

describe('acrossRates', () => {
  test('tells each side what the other is, at its own rate, up to the change itself', () => {
    const rate = fc.constantFrom(...rates);
    fc.assert(
      fc.property(
        rate,
        rate,
        fc.double({ min: 0.01, max: 0.85, noNaN: true }),
        fc.constantFrom(1, 2),
        (a, b, pitch, n) => {
          const frequency = (pitch * Math.min(a, b)) / 2;
          const frames = (hz: number) => Math.round(0.02 * hz);
          const former = { samples: tone(frequency, a, -frames(a), frames(a), n), sampleRate: a };
          const next = { samples: tone(frequency, b, 0, frames(b), n), sampleRate: b };
          const across = acrossRates(former, next, n);
          const near = 0.002;
          const after = tone(frequency, a, 0, Math.round(near * a), n);
          expect(snr(after, across.after.subarray(0, after.length)).snr).toBeGreaterThan(60);
          const length = Math.round(near * b);
          const before = tone(frequency, b, -length, length, n);
          expect(snr(before, across.before.subarray(-before.length)).snr).toBeGreaterThan(60);
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  test('is what it was where the rate stays', () => {
    const before = { samples: Int16Array.of(1, 2, 3), sampleRate: 8_000 };
    const after = { samples: Int16Array.of(4, 5), sampleRate: 8_000 };
    expect(acrossRates(before, after, 1)).toEqual({ before: before.samples, after: after.samples });
  });

  test('a resampler refuses a place or a count that cannot be', () => {
    const resampler = new Resampler({ inputRate: 16_000, outputRate: 48_000, channels: 2 });
    const stereo = new Int16Array(4);
    for (const lead of [Number.NaN, 3, -2.1]) expect(() => resampler.continueFrom(stereo, lead)).toThrow(RangeError);
    for (const count of [Number.NaN, -1, 0.5]) expect(() => resampler.end(stereo, count)).toThrow(RangeError);
    expect(() => resampler.continueFrom(new Int16Array(3))).toThrow(
      expect.objectContaining({ code: 'SLUICE_FRAME_SHAPE' }),
    );
    expect(() => resampler.end(new Int16Array(3), 1)).toThrow(expect.objectContaining({ code: 'SLUICE_FRAME_SHAPE' }));
  });
});
