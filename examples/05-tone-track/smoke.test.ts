import { findGaps } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cleanestTone, Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('sounds without a hole although it is written by a timer', async () => {
  const heard = smoke.hear('tone-generator');
  const run = smoke.start('05-tone-track', '--seconds', '3');
  expect(await run.ended(), run.said).toBe(0);
  const sound = heard.trimmed();
  expect(sound.length / heard.sampleRate).toBeGreaterThan(2.7);
  expect(findGaps(sound, { sampleRate: heard.sampleRate }).longestMs).toBeLessThan(20);
  const { frequency, snr } = cleanestTone(sound, heard.sampleRate, 440);
  expect(frequency).toBeCloseTo(440, 0);
  expect(snr).toBeGreaterThan(20);
});
