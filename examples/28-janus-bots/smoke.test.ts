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

it('hears in a room of Janus what is read there, and says so', async () => {
  const run = smoke.startAlone('28-janus-bots');
  expect(await run.ended(), run.said).toBe(0);
  expect(run.said).toContain('the ear says {"hears":"reader"}');
  const said = await readMono(asset('greeting.wav'), 48_000, 2.2);
  const heard = await readMono(join(smoke.directory, 'heard.wav'), 48_000);
  expect(compareAudio(said, heard, 48_000).correlation).toBeGreaterThan(0.6);
});
