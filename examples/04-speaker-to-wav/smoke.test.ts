import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compareAudio } from '../demo/compare-audio.ts';
import { readMono } from '../read-mono.ts';
import { asset } from '../room.ts';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('writes what is said to a file', async () => {
  const arrival = smoke.arrival();
  const run = smoke.start('04-speaker-to-wav', 'said.wav', '--seconds', '6');
  await arrival;
  await smoke.speak(2.5);
  expect(await run.ended(), run.said).toBe(0);
  const said = await readMono(asset('greeting.wav'), 16_000, 2.5);
  const heard = await readMono(join(smoke.directory, 'said.wav'), 16_000);
  const { correlation, longestGapMs } = compareAudio(said, heard, 16_000);
  expect(correlation).toBeGreaterThan(0.7);
  expect(longestGapMs).toBeLessThan(60);
});
