import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, expect, it } from 'vitest';
import { IceRestarts, type RestartOutcome } from './ice-restarts.ts';

let clock: VirtualClock;
let outcome: RestartOutcome;
let restarts: IceRestarts;
const asked: number[] = [];
const lost: string[] = [];

beforeEach(() => {
  clock = new VirtualClock();
  outcome = 'restarted';
  asked.length = 0;
  lost.length = 0;
  restarts = new IceRestarts({
    clock,
    restart: async () => {
      asked.push(clock.now());
      return outcome;
    },
    lost: (what) => lost.push(`${clock.now()}: ${what}`),
  });
});

it('leaves a way alone that comes back by itself', async () => {
  restarts.broke(false);
  await clock.advance(900);
  restarts.found();
  await clock.advance(60_000);
  expect([asked, lost]).toEqual([[], []]);
});

it('asks after a second, at once for what has failed, and again until there is a way', async () => {
  restarts.broke(false);
  await clock.advance(6_500);
  expect(asked).toEqual([1_000, 6_000]);
  restarts.found();
  await clock.advance(60_000);
  restarts.broke(true);
  await clock.advance(10);
  expect(asked).toEqual([1_000, 6_000, 66_500]);
  restarts.found();
  expect(lost).toEqual([]);
});

it('asks every two seconds whom it does not reach, and gives up after thirty', async () => {
  outcome = 'unanswered';
  restarts.broke(false);
  await clock.advance(120_000);
  expect(asked).toHaveLength(15);
  expect(lost).toEqual([`30000: the connection with the endpoint broke off: no way was found within 30 s`]);
  restarts.close();
});

it('asks nobody again who refuses, and waits until the way has failed', async () => {
  outcome = { refused: 'it says no' };
  restarts.broke(false);
  await clock.advance(5_000);
  expect(lost).toEqual([]);
  restarts.found();
  await clock.advance(60_000);
  restarts.broke(false);
  restarts.broke(true);
  await clock.advance(60_000);
  expect(asked).toEqual([1_000]);
  expect(lost).toEqual(['65000: the connection with the endpoint broke off: it says no']);
});

it('is silent once it is closed, whatever is still under way', async () => {
  outcome = 'unanswered';
  restarts.broke(true);
  restarts.close();
  await clock.advance(60_000);
  expect(asked.length).toBeLessThanOrEqual(1);
  expect(lost).toEqual([]);
});
