import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from './histogram.ts';

describe('Histogram', () => {
  it('knows every percentile within 12.5 % above, and the maximum exactly', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const histogram = new Histogram();
          for (const value of values) histogram.record(value);
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil(share * values.length) - 1)]!;
          expect(histogram.percentile(share)).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
          expect(histogram.percentile(share)).toBeLessThanOrEqual(exact * 1.1251);
          expect(histogram.max).toBe(sorted.at(-1));
          expect(histogram.count).toBe(values.length);
        },
      ),
    );
  });

  it('counts what is below 1 and what is beyond its range, and starts anew', () => {
    const histogram = new Histogram();
    for (const value of [0, 0.2, 1e300]) histogram.record(value);
    expect(histogram.percentile(0.5)).toBeLessThanOrEqual(1);
    expect(histogram.max).toBe(1e300);
    histogram.reset();
    expect(histogram.percentile(0.99)).toBe(0);
  });

  it('tells anew what it was asked before, once there is another value', () => {
    const histogram = new Histogram();
    histogram.record(10);
    expect([histogram.percentile(0.5), histogram.percentile(0.5), histogram.percentile(1)]).toEqual([10, 10, 10]);
    histogram.record(1_000);
    expect(histogram.percentile(1)).toBe(1_000);
    histogram.reset();
    histogram.record(3);
    histogram.record(3);
    expect(histogram.percentile(1)).toBe(3);
  });
});
