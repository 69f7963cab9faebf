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

it('is heard although nothing but its writes keeps the time, and leaves at Ctrl-C', async () => {
  const heard = smoke.hear();
  const run = smoke.start('08-audio-bot');
  await heard.reached(3.5);
  const left = smoke.departure();
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  expect(await left).toBe('leftCall');
  const said = await readMono(asset('greeting.wav'), 48_000, 2.5);
  const { correlation, longestGapMs } = compareAudio(said, heard.samples, 48_000);
  expect(correlation).toBeGreaterThan(0.8);
  expect(longestGapMs).toBeLessThan(60);
});
