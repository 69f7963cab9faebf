import { expect, it } from 'vitest';
import { LoadForecast } from './load-forecast.ts';
import type { LoadFigures } from './worker-load.ts';

const limits = { lagMs: 100, cpu: 1, memoryMb: 1000 };
const load = (cpu: number, memoryMb = 100, lagMs = 0): LoadFigures => ({ lagMs, cpu, memoryMb });
const jobs = (...names: readonly string[]) => new Set(names);
const work = (...names: readonly string[]) => ({ begun: jobs(...names), running: jobs(...names) });

it('takes a bot for its share of what is left until one is known, or for what is said of it', () => {
  const forecast = new LoadForecast(load(0.2));
  expect(forecast.costOf({}, limits, 4)).toEqual({ lagMs: 25, cpu: 0.2, memoryMb: 225 });
  expect(forecast.costOf({ cpu: 0.5 }, limits, 4)).toMatchObject({ cpu: 0.5, memoryMb: 225 });
  forecast.take(load(3, 3000), work());
  expect(forecast.costOf({}, limits, 4)).toMatchObject({ cpu: 0, memoryMb: 0 });
});

it('contains a bot that ran all the time that was measured', () => {
  const forecast = new LoadForecast(load(0));
  forecast.take(load(0), { begun: jobs('a', 'b'), running: jobs('a') });
  expect(forecast.contains('a')).toBe(false);
  forecast.take(load(0.1), work('a', 'b'));
  expect([forecast.contains('a'), forecast.contains('b')]).toEqual([true, false]);
  forecast.take(load(0.1), work('b'));
  expect([forecast.contains('a'), forecast.contains('b')]).toEqual([false, true]);
});

it('learns what one takes beyond what there is without bots', () => {
  const forecast = new LoadForecast(load(0.1, 100, 2));
  forecast.take(load(0.1, 100, 2), work('a', 'b'));
  forecast.take(load(0.5, 300, 12), work('a', 'b'));
  expect(forecast.costOf({}, limits, 4)).toEqual({ lagMs: 5, cpu: 0.2, memoryMb: 100 });
  // One odd moment is a fifth of what is known.
  forecast.take(load(2.1, 300, 12), work('a', 'b'));
  expect(forecast.costOf({}, limits, 4).cpu).toBeCloseTo(0.36);
  expect(forecast.costOf({ cpu: 0.3 }, limits, 4)).toMatchObject({ cpu: 0.3, memoryMb: 100 });
});

it('believes one that runs among many that begin as little as it is of them', () => {
  const forecast = new LoadForecast(load(0));
  forecast.take(load(0), work('a'));
  forecast.take(load(0.1), { begun: jobs('a', 'b', 'c', 'd'), running: jobs('a') });
  forecast.take(load(0.9), { begun: jobs('a', 'b', 'c', 'd'), running: jobs('a') });
  expect(forecast.costOf({}, limits, 4).cpu).toBeCloseTo(0.1 + (0.2 / 4) * (0.9 / 4 - 0.1));
});

it('does not take memory that others left behind for what the last one takes', () => {
  const forecast = new LoadForecast(load(0, 100));
  const ten = Array.from({ length: 10 }, (_, i) => `${i}`);
  forecast.take(load(0, 100), work(...ten));
  for (let i = 0; i < 20; i++) forecast.take(load(0, 600), work(...ten));
  for (let i = 0; i < 20; i++) forecast.take(load(0, 600), work('0'));
  expect(forecast.costOf({}, limits, 10).memoryMb).toBeCloseTo(50);
});
