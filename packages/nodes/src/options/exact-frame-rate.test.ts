import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactFrameRate, frameRateOfDuration, frameTime } from './exact-frame-rate.ts';

describe('exactFrameRate', () => {
  it.each([
    [30, 30, 1],
    [29.97, 30_000, 1_001],
    [23.976, 24_000, 1_001],
    [23.98, 24_000, 1_001],
    [59.94, 60_000, 1_001],
    [119.88, 120_000, 1_001],
    [12.5, 25, 2],
    [0.5, 1, 2],
    [7.5, 15, 2],
    [{ numerator: 60_000, denominator: 2_002 }, 30_000, 1_001],
    [{ numerator: 25, denominator: 1 }, 25, 1],
  ])('takes %j as %i/%i', (value, numerator, denominator) => {
    expect(exactFrameRate(value)).toEqual({ numerator, denominator });
  });

  it.each([
    0,
    -30,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e6,
    '30' as never,
    null as never,
    { numerator: 0, denominator: 1 },
    { numerator: 30, denominator: 0 },
    { numerator: 2.5, denominator: 1 },
    { numerator: 1, denominator: 90_000_000 },
  ])('refuses %j and names the option', (value) => {
    expect(() => exactFrameRate(value, 'rate')).toThrow(/^rate /);
  });
});

describe('frameTime', () => {
  it('is exact at 30000/1001 over an hour and a month: no sum of rounded durations', () => {
    const rate = exactFrameRate(29.97);
    for (let index = 0; index <= 107_892; index++) {
      const exact = (BigInt(index) * 1_001_000_000n * 2n + 30_000n) / 60_000n;
      if (frameTime(index, rate) !== Number(exact)) expect([index, frameTime(index, rate)]).toEqual([index, exact]);
    }
    // 1,001 s are exactly 30,000 frames.
    expect(frameTime(30_000, rate)).toBe(1_001_000_000);
    expect(frameTime(30_000 * 2_592, rate)).toBe(2_592 * 1_001_000_000);
  });

  it('rises with the index and stays within half a microsecond, for any rate', () => {
    fc.assert(
      fc.property(
        // From 0.001 to 1,000 per second, and times that are exact numbers: 285 years.
        fc
          .integer({ min: 1, max: 1_000_000 })
          .chain((numerator) =>
            fc.tuple(
              fc.constant(numerator),
              fc.integer({ min: Math.ceil(numerator / 1_000), max: Math.min(10_000, numerator * 1_000) }),
            ),
          )
          .chain(([numerator, denominator]) => {
            const last = Math.floor((Number.MAX_SAFE_INTEGER / 1_000_000 / denominator) * numerator) - 2;
            return fc.tuple(
              fc.integer({ min: 0, max: Math.min(10_000_000, last) }),
              fc.constant(numerator),
              fc.constant(denominator),
            );
          }),
        ([index, numerator, denominator]) => {
          const rate = exactFrameRate({ numerator, denominator });
          const time = BigInt(frameTime(index, rate));
          const error = time * BigInt(numerator) - BigInt(index) * BigInt(denominator) * 1_000_000n;
          expect(2n * (error < 0n ? -error : error) <= BigInt(numerator)).toBe(true);
          expect(frameTime(index + 1, rate)).toBeGreaterThan(Number(time));
        },
      ),
    );
  });
});

describe('frameRateOfDuration', () => {
  it.each([24, 25, 30, 50, 60, 120, 15, 5, 1, 23.976, 29.97, 59.94])('finds %d from any of its durations', (value) => {
    const rate = exactFrameRate(value);
    for (let index = 0; index < 10; index++)
      expect(frameRateOfDuration(frameTime(index + 1, rate) - frameTime(index, rate))).toEqual(rate);
  });

  it('keeps a duration of no usual rate', () => {
    expect(frameRateOfDuration(123_457)).toEqual({ numerator: 1_000_000, denominator: 123_457 });
  });
});
