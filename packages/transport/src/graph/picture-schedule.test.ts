import { micros } from '@sluice/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PictureSchedule } from './picture-schedule.ts';

const at = (ms: number) => micros(ms * 1000);

test('the first picture is due at once, and the others as far behind it as their times say', () => {
  const schedule = new PictureSchedule();
  expect(schedule.due(at(5_000), 100)).toBe(100);
  expect(schedule.due(at(5_040), 100)).toBe(140);
  expect(schedule.due(at(35_000), 140)).toBe(30_100);
});

test('lateness up to 200 ms is caught up, more begins the schedule anew', () => {
  const schedule = new PictureSchedule();
  schedule.due(at(0), 0);
  expect(schedule.due(at(40), 240)).toBe(240);
  expect(schedule.due(at(400), 240)).toBe(400);
  expect(schedule.due(at(440), 1_000)).toBe(1_000);
  expect(schedule.due(at(480), 1_000)).toBe(1_040);
});

test('times that go back begin it anew, and so does a restart', () => {
  const schedule = new PictureSchedule();
  schedule.due(at(1_000), 0);
  expect(schedule.due(at(10), 50)).toBe(50);
  expect(schedule.due(at(60), 50)).toBe(100);
  schedule.restart();
  expect(schedule.due(at(9_000), 60)).toBe(60);
});

test('nothing is due in the past, nothing overtakes, and nothing is off by more than its own lateness, for hours', () => {
  const arrivals = fc.array(
    fc.record({ step: fc.integer({ min: 0, max: 100_000 }), stall: fc.integer({ min: 0, max: 90 }) }),
  );
  fc.assert(
    fc.property(arrivals, (pictures) => {
      const schedule = new PictureSchedule();
      let media = 0;
      let now = 0;
      const first = schedule.due(micros(0), now);
      for (const { step, stall } of pictures) {
        media += step;
        const arrival = now + stall;
        const due = schedule.due(micros(media), arrival);
        expect(due).toBeGreaterThanOrEqual(arrival);
        if (due > arrival) expect(due).toBeCloseTo(first + media / 1000, 6);
        if (arrival - (first + media / 1000) > 200) return;
        now = due;
      }
    }),
  );
});
