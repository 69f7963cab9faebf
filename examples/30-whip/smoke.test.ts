import { readTestPattern } from '@sluice/nodes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cleanestTone, Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('is heard and seen in the room, and leaves nothing there', async () => {
  const heard = smoke.hear();
  const sight = smoke.see();
  const gone = smoke.departure();
  const run = smoke.start('30-whip', '--seconds', '3');
  await sight.until((picture) => (readTestPattern(picture)?.frameNumber ?? 0) > 15);
  expect(await run.ended(), run.said).toBe(0);
  expect(await gone).toBe('leftCall');
  expect(run.said).toMatch(/publishing at http:\/\/127\.0\.0\.1:\d+\/whip\/stage/);
  const { frequency, snr } = cleanestTone(heard.trimmed(), heard.sampleRate, 440);
  expect(frequency).toBeCloseTo(440, 0);
  expect(snr).toBeGreaterThan(20);
});
