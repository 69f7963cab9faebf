import { expect, it } from 'vitest';
import { NarrowPath } from './narrow-path.ts';

/** Gives estimates in kilobits per second, 300 ms apart; what pictures may take after each. */
function setup() {
  const path = new NarrowPath();
  let now = 0;
  const estimates = (...all: number[]) =>
    all.map((kilobits) => {
      now += 300;
      path.estimate(1_000 * kilobits, now);
      return path.bound === undefined ? undefined : path.bound / 1_000;
    });
  return { path, estimates };
}

it('bounds pictures far below an estimate that falls by half and goes on to fall', () => {
  const { path, estimates } = setup();
  expect(estimates(1_900, 1_900, 500)).toEqual([undefined, undefined, undefined]);
  expect(path.doubtful).toBe(true);
  expect(estimates(400)).toEqual([60]);
  expect(path.doubtful).toBe(false);
  expect(setup().estimates(10_000, 4_000, 2_000)).toEqual([undefined, undefined, 300]);
});

it('leaves alone what falls slowly, by less, once, or to almost nothing', () => {
  const nothing = (...all: number[]) => expect(new Set(setup().estimates(...all))).toEqual(new Set([undefined]));
  nothing(2_000, 1_700, 1_450, 1_250, 1_050, 900, 800, 700, 620, 550);
  nothing(2_000, 1_100, 1_050);
  nothing(2_000, 450, 450, 450, 460, 470);
  nothing(2_000, 900, 1_000, 850);
  nothing(200, 59, 40);
});

it('doubles the bound each second as long as the path carries it, until it is what it carried before', () => {
  const { estimates } = setup();
  estimates(1_000, 400, 300);
  // The bound makes the estimate fall by itself.
  expect(estimates(60, 60, 60, 60)).toEqual([60, 60, 60, 120]);
  expect(estimates(100, 100, 100, 100, 100, 100)).toEqual([120, 120, 120, 120, 120, 120]);
  expect(estimates(108)).toEqual([240]);
  expect(estimates(240, 240, 240, 240)).toEqual([240, 240, 240, 480]);
  expect(estimates(480, 480, 480, 480)).toEqual([480, 480, 480, undefined]);
});

it('falls again while it is bounded', () => {
  const { estimates } = setup();
  estimates(8_000, 3_000, 2_000);
  expect(estimates(300, 300, 140, 120)).toEqual([300, 300, 300, 60]);
});
