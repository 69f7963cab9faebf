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

it('plays music and lets the voice be heard over it', async () => {
  const heard = smoke.hear();
  const run = smoke.start('10-mixing-desk');
  await heard.reached(6);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  const music = await readMono(asset('music.wav'), 48_000, 1);
  const voice = await readMono(asset('greeting.wav'), 48_000, 3.5);
  const alone = compareAudio(music, heard.samples, 48_000);
  const spoken = compareAudio(voice.subarray(48_000), heard.samples, 48_000);
  expect(alone.correlation).toBeGreaterThan(0.6);
  // 0.99 over music that steps back by 16 dB; 0.76 if it did not.
  expect(spoken.correlation).toBeGreaterThan(0.9);
});
