import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('is heard by all who subscribe, and says what was carried', async () => {
  const run = smoke.startAlone('31-janus-crowd', '--publishers', '1', '--steps', '1', '--seconds', '2');
  expect(await run.ended(), run.said).toBe(0);
  expect(run.said).toMatch(/publishers 1, subscribers 5: (9\d|100)\.\d % heard, \d+\.\d\d cores/);
  expect(run.said).toMatch(/carried: publishers [01], subscribers [05]/);
});
