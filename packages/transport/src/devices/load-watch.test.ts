import type { Clock } from '@sluice/core';
import { expect, it } from 'vitest';
import { type CpuLoad, LoadWatch } from './load-watch.ts';

/** A watch whose timers fire as late as they are told to. */
function setup(sheds = true) {
  let now = 0;
  let next: (() => void) | undefined;
  const clock = {
    now: () => now,
    at: (time: number, callback: () => void) => {
      next = () => {
        now = time + lateMs;
        callback();
      };
      return () => {
        next = undefined;
      };
    },
  } as unknown as Clock;
  let lateMs = 0;
  const watch = new LoadWatch(clock, sheds);
  const told: CpuLoad[] = [];
  watch.changes.add((load) => told.push(load));
  const ticks = (count: number, late: number) => {
    lateMs = late;
    for (let done = 0; done < count; done++) next!();
  };
  return { watch, told, ticks, now: () => now, runs: () => next !== undefined };
}

it('is high when a fifth of the timers is 60 ms late, and low again when few are 30 ms late', () => {
  const { watch, told, ticks } = setup();
  watch.watch();
  ticks(100, 5);
  ticks(9, 60);
  expect(told).toEqual([]);
  ticks(1, 60);
  expect(told).toEqual([{ state: 'high', latenessMs: 60, picturesShed: 0 }]);
  ticks(60, 30);
  expect(watch.load).toEqual({ state: 'high', latenessMs: 30, picturesShed: 0 });
  ticks(45, 29);
  expect(told).toHaveLength(1);
  ticks(1, 29);
  expect(told[1]).toMatchObject({ state: 'low', latenessMs: 29 });
});

it('takes no single stall for it, however long', () => {
  const { watch, told, ticks } = setup();
  watch.watch();
  for (let stall = 0; stall < 9; stall++) {
    ticks(1, 5_000);
    ticks(4, 0);
  }
  expect(told).toEqual([]);
});

it('leaves five pictures a second of each track, and counts the others; none where that is turned off', () => {
  for (const sheds of [true, false]) {
    const { watch, ticks, now } = setup(sheds);
    watch.watch();
    expect(watch.shed(now())).toBe(false);
    ticks(10, 100);
    expect(watch.sheds).toBe(sheds);
    expect([watch.shed(now()), watch.shed(now() - 199), watch.shed(now() - 200)]).toEqual([sheds, sheds, false]);
    expect(watch.load).toMatchObject({ state: 'high', picturesShed: sheds ? 2 : 0 });
  }
});

it('runs while somebody watches, and begins anew', () => {
  const { watch, ticks, runs } = setup();
  const [first, second] = [watch.watch(), watch.watch()];
  ticks(10, 100);
  first();
  first();
  expect([runs(), watch.load.state]).toEqual([true, 'high']);
  second();
  expect([runs(), watch.load]).toEqual([false, { state: 'low', latenessMs: 0, picturesShed: 0 }]);
});
