import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';
import { LipWatch } from './lip-watch.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

// What a busy machine does to jitter buffers passes: once more then.
it('moves its lips with what is heard of it, and shuts its mouth when it is silent', {
  timeout: 60_000,
}, async () => {
  const run = smoke.startAlone('avatar', '--simulate');
  await run.ended();
  const told = run.output.toString();
  const file = (ending: string) => join(smoke.directory, 'out', `avatar.${ending}`);
  const { skewMs, likeness, openInSilence, widest } = JSON.parse(readFileSync(file('json'), 'utf8'));
  expect(told).toMatch(/lip sync at the far end/);
  expect(skewMs, told).toBeGreaterThanOrEqual(-45);
  expect(skewMs, told).toBeLessThanOrEqual(125);
  expect(likeness, told).toBeGreaterThan(0.7);
  expect(widest).toBeGreaterThan(0.5);
  // After the interruption as well.
  expect(told).toMatch(/agent: I am an agent/);
  expect(told).not.toMatch(/what you heard/);
  expect(openInSilence, told).toBeLessThan(0.1);
  expect(existsSync(file('png'))).toBe(true);
});

it.each([-60, 0, 84, 200])('measures a skew of %i ms, and a mouth that is open in silence', (skewMs) => {
  const watch = new LipWatch();
  const loud = (ms: number) => (ms > 500 && ms < 5_000 ? Math.abs(Math.sin(ms / 210) + Math.sin(ms / 77)) / 2 : 0);
  for (let ms = 0; ms < 6_000; ms += 10) watch.hear(new Int16Array(160).fill(8_000 * loud(ms - skewMs + 5)), ms);
  for (let ms = 0; ms < 5_700; ms += 33) watch.see(loud(ms), ms);
  expect(watch.report().skewMs).toBeGreaterThan(skewMs - 15);
  expect(watch.report().skewMs).toBeLessThan(skewMs + 15);
  expect(watch.report().openInSilence).toBe(0);
  watch.see(0.4, 5_700);
  expect(watch.report().openInSilence).toBe(0.4);
});
