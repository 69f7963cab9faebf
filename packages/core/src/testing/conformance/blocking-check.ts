import assert from 'node:assert/strict';
import { type Check, check } from './check.ts';

/** A frame that takes longer holds everybody up: 5 ms is a quarter of a 20 ms frame. */
const MOST_MICROS = 5_000;
/** Frames before the clock is looked at: code is compiled and memory taken with the first ones. */
const WARM_UP = 10;
const RUNS = 5;

/** What is judged: something that is given frames one by one. */
export interface Blocking {
  /** Makes the frame ahead of time; what it returns hands it over, and is measured. */
  readonly prepare: (index: number) => () => void;
  /** Between two frames, for what is asynchronous. */
  readonly settle: () => Promise<void>;
  readonly close: () => void | Promise<void>;
}

/** Whether it gives the event loop back in time, by the processor time of the best of five runs. */
export function blockingCheck<Make>(
  start: (make: Make) => Blocking | Promise<Blocking>,
  applies: true | string = true,
): Check<Make> {
  const run = async (make: Make) => {
    const subject = await start(make);
    try {
      let least = Number.POSITIVE_INFINITY;
      for (let index = 0; index < WARM_UP + RUNS; index++) {
        const hand = subject.prepare(index);
        const before = process.cpuUsage();
        hand();
        const { user, system } = process.cpuUsage(before);
        if (index >= WARM_UP) least = Math.min(least, user + system);
        await subject.settle();
      }
      assert.ok(least < MOST_MICROS, `a frame took ${(least / 1_000).toFixed(1)} ms; at most 5 ms, else use inWorker`);
    } finally {
      await subject.close();
    }
  };
  return check('does not block the event loop', run, applies);
}
