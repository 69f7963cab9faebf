import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros, microsToMillis, microsToSamples, millis, millisToMicros, samplesToMicros } from './units.ts';

describe('time', () => {
  it('converts units', () => {
    expect(millisToMicros(1.5)).toBe(1500);
    expect(microsToMillis(2500)).toBe(2.5);
    expect(samplesToMicros(480, 48_000)).toBe(10_000);
    expect(samplesToMicros(1, 44_100)).toBe(23);
    expect(microsToSamples(10_000, 44_100)).toBe(441);
  });
  it('refuses what is not finite', () => {
    expect(() => micros(Number.NaN)).toThrow(TypeError);
    expect(() => millis(Number.POSITIVE_INFINITY)).toThrow(TypeError);
  });
  it('is within half a microsecond of the sample clock for a year, and comes back to the same sample', () => {
    const rate = fc.constantFrom(8000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000, 192_000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 31_536_000 }), rate, fc.nat(191_999), (seconds, sampleRate, offset) => {
        const index = seconds * sampleRate + (offset % sampleRate);
        const time = samplesToMicros(index, sampleRate);
        expect(Math.abs(time - (index / sampleRate) * 1e6)).toBeLessThanOrEqual(0.51);
        expect(microsToSamples(time, sampleRate)).toBe(index);
      }),
    );
  });
  it('adds up without drift over an hour of 20 ms frames at 44.1 kHz', () => {
    let total = 0;
    for (let frame = 0; frame < 180_000; frame++)
      total += samplesToMicros((frame + 1) * 882, 44_100) - samplesToMicros(frame * 882, 44_100);
    expect(total).toBe(3_600_000_000);
  });
});
