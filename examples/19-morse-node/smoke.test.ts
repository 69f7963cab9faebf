import { join } from 'node:path';
import { measureTone } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readMono } from '../read-mono.ts';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('keys a word, to the sample', async () => {
  const run = smoke.startAlone('19-morse-node', 'morse.wav');
  expect(await run.ended(), run.said).toBe(0);
  const heard = await readMono(join(smoke.directory, 'morse.wav'), 16_000);
  // Six letters of 42 units with the pauses behind each sign, and 2 more behind each letter.
  expect(heard.length).toBe((42 + 6 * 2) * 960);
  expect(measureTone(heard.subarray(0, 960), 16_000, 600).snr).toBeGreaterThan(40);
  expect(heard.subarray(960, 2 * 960).every((sample) => sample === 0)).toBe(true);
});
