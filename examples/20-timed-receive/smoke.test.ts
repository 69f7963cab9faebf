import { join } from 'node:path';
import { peak } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readMono } from '../read-mono.ts';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('writes so many seconds from the moment on at which somebody can be heard', async () => {
  const arrival = smoke.arrival();
  const run = smoke.start('20-timed-receive', '--seconds', '3');
  await arrival;
  await smoke.speak(2.5);
  expect(await run.ended(), run.said).toBe(0);
  const heard = await readMono(join(smoke.directory, 'timed.wav'), 16_000);
  expect(heard).toHaveLength(48_000);
  expect(peak(heard)).toBeGreaterThan(2_000);
});
