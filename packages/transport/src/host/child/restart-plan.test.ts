import { expect, it } from 'vitest';
import { RestartPlan } from './restart-plan.ts';

it('starts anew at once, after a quarter of a second and after a second', () => {
  const plan = new RestartPlan();
  expect([0, 5_000, 10_000].map((now) => plan.died(now).retryAt)).toEqual([0, 5_250, 11_000]);
});

it('begins a crisis with the fourth death within a minute: engines after 10, 20 and 40 s, decided after 60 s', () => {
  const plan = new RestartPlan();
  for (const now of [0, 1_000, 2_000]) plan.died(now);
  expect(plan.died(5_000)).toEqual({ retryAt: 15_000, decideAt: 65_000 });
  expect(plan.died(15_100)).toEqual({ retryAt: 25_000, decideAt: undefined });
  // It lived through the second turn.
  expect(plan.died(40_000)).toEqual({ retryAt: 45_000, decideAt: undefined });
  expect(plan.died(45_001)).toEqual({ retryAt: undefined, decideAt: undefined });
});

it('forgets deaths of more than a minute ago, and a crisis that an engine has outlived', () => {
  const plan = new RestartPlan();
  for (const now of [0, 20_000, 40_000]) plan.died(now);
  expect(plan.died(60_000).retryAt).toBe(61_000);
  expect(plan.died(70_000)).toEqual({ retryAt: 80_000, decideAt: 130_000 });
  plan.recovered();
  expect(plan.died(140_000).retryAt).toBe(140_000);
});
