import { expect, it } from 'vitest';
import { figure } from './report.ts';
import { inTenths, least, mean, median, most, percentileInTenths } from './rounds.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

it('makes the best, the middle or the mean of rounds a figure that keeps them', () => {
  const rounds = [5, 1, 4, 2, 8];
  expect([least(rounds).value, most(rounds).value, median(rounds).value, mean(rounds).value]).toEqual([1, 8, 4, 4]);
  expect(least(rounds).rounds).toBe(rounds);
});

it('takes each tenth of what came in order for a round', () => {
  expect(percentileInTenths(upTo(100), 0.5)).toEqual({ value: 50, rounds: [5, 15, 25, 35, 45, 55, 65, 75, 85, 95] });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const { value, rounds } = inTenths(upTo(103), sum);
  expect([rounds.length, sum(rounds)]).toEqual([10, value]);
});

it('makes no round of a single value', () => {
  expect(percentileInTenths(upTo(7), 1)).toEqual({ value: 7, rounds: [2, 5, 7] });
  expect(percentileInTenths([3], 0.5)).toEqual({ value: 3, rounds: [] });
});

it('tells the spread of a figure behind its usual keys, and none of what was measured once', () => {
  const peer = { name: 'another', value: 100 };
  const told = figure('hop', 'a frame', median(upTo(99)), 'ns', peer, 'lower');
  expect(told).toEqual({
    bench: 'hop',
    metric: 'a frame',
    value: 50,
    unit: 'ns',
    peer: 'another',
    peer_value: 100,
    ratio: 2,
    p10: 10,
    p90: 90,
  });
  expect(Object.keys(told).slice(-2)).toEqual(['p10', 'p90']);
  expect(Object.keys(figure('hop', 'a frame', 50, 'ns', peer, 'lower'))).toHaveLength(7);
  expect(Object.keys(figure('hop', 'a frame', median([50]), 'ns'))).toHaveLength(7);
});
