import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('tells when speech begins and ends', async () => {
  const arrival = smoke.arrival();
  const run = smoke.start('24-vad-display');
  await arrival;
  await smoke.speak(2.5);
  await run.told(/speech\n(?:.*\n)*?(silence)/);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  expect(run.said).toMatch(/speech\nsilence/);
});
