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

it('gives back what was said', async () => {
  const heard = smoke.hear();
  const arrival = smoke.arrival();
  const run = smoke.start('09-echo-bot');
  await arrival;
  await smoke.speak(2.5);
  await heard.reached(2.2);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  const said = await readMono(asset('greeting.wav'), 48_000, 2.2);
  const { correlation } = compareAudio(said, heard.samples, 48_000);
  // Twice through the codec, and through two jitter buffers.
  expect(correlation).toBeGreaterThan(0.6);
});
