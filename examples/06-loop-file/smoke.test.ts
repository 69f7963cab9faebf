import { join } from 'node:path';
import { findGaps } from '@sluice/core/testing';
import { fromTone, toWavFile } from '@sluice/nodes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cleanestTone, Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('plays a short file again and again without a seam, until it is told to stop', async () => {
  // Whole periods: the file continues itself.
  const file = toWavFile(join(smoke.directory, 'loop.wav'));
  fromTone({ frequency: 500, duration: 0.5, sampleRate: 48_000 }).subscribe(file);
  await file.finished;
  const heard = smoke.hear('background-music');
  const run = smoke.start('06-loop-file', 'loop.wav');
  await heard.reached(3);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  const sound = heard.trimmed();
  expect(findGaps(sound, { sampleRate: heard.sampleRate }).longestMs).toBeLessThan(20);
  const { frequency, snr } = cleanestTone(sound, heard.sampleRate, 500);
  expect(frequency).toBeCloseTo(500, 0);
  expect(snr).toBeGreaterThan(20);
});
