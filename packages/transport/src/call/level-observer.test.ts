import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, expect, test } from 'vitest';
import { LevelObserver } from './level-observer.ts';

let clock: VirtualClock;
let measured: number | undefined;
let log: unknown[];
let observer: LevelObserver<number>;

beforeEach(() => {
  clock = new VirtualClock();
  measured = 0.5;
  log = [];
  observer = new LevelObserver({
    clock,
    nothing: 0,
    start: () => log.push('start'),
    read: () => measured,
    stop: () => log.push('stop'),
    tell: (level) => log.push([clock.now(), level]),
  });
});

test('levels are told at the interval until it is stopped', async () => {
  expect([observer.running, observer.last]).toEqual([false, 0]);
  observer.start(100);
  expect(observer.running).toBe(true);
  await clock.advance(250);
  expect(log).toEqual(['start', [100, 0.5], [200, 0.5]]);
  expect(observer.last).toBe(0.5);
  observer.stop();
  await clock.advance(1_000);
  expect(log.splice(3)).toEqual(['stop']);
  expect([observer.running, observer.last]).toEqual([false, 0]);
});

test('started again it has another interval, and one beginning', async () => {
  observer.start(100);
  observer.start(30);
  await clock.advance(60);
  expect(log).toEqual(['start', [30, 0.5], [60, 0.5]]);
});

test('nothing is told while there is no call', async () => {
  observer.start(100);
  await clock.advance(100);
  measured = undefined;
  await clock.advance(100);
  expect(log).toEqual(['start', [100, 0.5]]);
  expect(observer.last).toBe(0);
});

test('who is told may stop it', async () => {
  const once: LevelObserver<number> = new LevelObserver({
    clock,
    nothing: 0,
    read: () => 1,
    stop: () => {},
    tell: () => {
      log.push('told');
      once.stop();
    },
  });
  once.start(10);
  await clock.advance(100);
  expect(log).toEqual(['told']);
});

test.each([
  ['100', TypeError],
  [Number.NaN, TypeError],
  [0, RangeError],
  [9, RangeError],
  [10_001, RangeError],
])('an interval of %o is refused', (intervalMs, error) => {
  expect(() => observer.start(intervalMs as number)).toThrow(error);
  expect(() => observer.start(intervalMs as number)).toThrow(/intervalMs/);
  expect(observer.running).toBe(false);
});
