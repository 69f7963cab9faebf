import { join } from 'node:path';
import { align, findGaps } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readMono } from '../read-mono.ts';
import { asset } from '../room.ts';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('renders the desk in a moment, to the sample', async () => {
  const run = smoke.startAlone('11-offline-render', 'show.wav');
  expect(await run.ended(), run.said).toBe(0);
  const show = await readMono(join(smoke.directory, 'show.wav'), 48_000);
  const voice = await readMono(asset('greeting.wav'), 48_000, 3.7);
  const first = align(voice, show);
  expect(first.lag / 48_000).toBeCloseTo(1.5, 3);
  expect(first.correlation).toBeGreaterThan(0.9);
  expect(findGaps(show.subarray(0, 10 * 48_000), { sampleRate: 48_000 }).longestMs).toBeLessThan(20);
});
