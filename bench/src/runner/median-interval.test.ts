import { expect, it } from 'vitest';
import { medianInterval } from './median-interval.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

// The ranks are those of tables of the sign test at 5 %, two-sided.
it.each([
  [6, 1, 6],
  [8, 1, 8],
  [9, 2, 8],
  [15, 4, 12],
  [20, 6, 15],
  [25, 8, 18],
])('takes of %i values those of rank %i and %i', (count, low, high) => {
  expect(medianInterval(upTo(count))).toMatchObject({ low, high, median: (count + 1) / 2 });
});

it('does not care for the order', () => {
  expect(medianInterval([5, 1, 4, 2, 6, 3, 9])).toMatchObject({ median: 4, low: 1, high: 9 });
});

it('says nothing of fewer than six', () => {
  expect(() => medianInterval(upTo(5))).toThrow(RangeError);
});
