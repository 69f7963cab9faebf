import { afterEach, beforeEach, expect, it } from 'vitest';
import { compareAudio } from '../demo/compare-audio.ts';
import { readMono } from '../read-mono.ts';
import { asset } from '../room.ts';
import { pcm, Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('writes what is said to standard output', async () => {
  const arrival = smoke.arrival();
  const run = smoke.start('03-speaker-to-stdout', '--seconds', '6');
  await arrival;
  await smoke.speak(2.5);
  expect(await run.ended(), run.said).toBe(0);
  const said = await readMono(asset('greeting.wav'), 16_000, 2.5);
  const { correlation, longestGapMs } = compareAudio(said, pcm(run.output), 16_000);
  expect(correlation).toBeGreaterThan(0.7);
  expect(longestGapMs).toBeLessThan(60);
});

it('ends when nobody reads any more', async () => {
  const arrival = smoke.arrival();
  const run = smoke.start('03-speaker-to-stdout');
  await arrival;
  const said = smoke.speak(1.5);
  run.child.stdout!.destroy();
  expect(await run.ended(), run.said).toBe(0);
  await said;
});
