import { expect, it } from 'vitest';
import { fittedLine } from './fitted-line.ts';

it('goes through points of one line', () => {
  const { at0, each, r2 } = fittedLine([1, 2, 5, 10, 20, 40].map((x) => [x, 7 + 3.5 * x]));
  expect([at0, each, r2]).toEqual([expect.closeTo(7, 9), expect.closeTo(3.5, 9), expect.closeTo(1, 9)]);
});

it('leaves the least squares where they do not, as worked out by hand', () => {
  const line = fittedLine([
    [0, 0],
    [1, 2],
    [2, 1],
  ]);
  expect(line).toEqual({ at0: 0.5, each: 0.5, r2: 0.25 });
});

it('takes a level line for explained, and refuses a single place', () => {
  expect(
    fittedLine([
      [1, 4],
      [3, 4],
    ]),
  ).toEqual({ at0: 4, each: 0, r2: 1 });
  expect(() =>
    fittedLine([
      [2, 1],
      [2, 5],
    ]),
  ).toThrow(RangeError);
  expect(() => fittedLine([])).toThrow(RangeError);
});
