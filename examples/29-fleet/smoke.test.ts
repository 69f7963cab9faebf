import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('is heard again when a worker is killed, each bot where the one before was cut off', async () => {
  const run = smoke.startAlone('29-fleet');
  expect(await run.ended(), run.said).toBe(0);
  expect(run.said).toMatch(/worker-\d-\w+ is killed, with [1-3] of 3 bots/);
  expect(run.said).toMatch(/all 3 bots are heard again/);
  expect(run.said).toMatch(/bot-\d goes on after (?!0 s)[\d.]+ s, with its worker number 2/);
});
