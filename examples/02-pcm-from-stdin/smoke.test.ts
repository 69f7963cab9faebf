import { testTone } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cleanestTone, Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('says what comes on standard input', async () => {
  const heard = smoke.hear();
  const run = smoke.start('02-pcm-from-stdin');
  const tone = testTone({ sampleRate: 16_000, frequency: 330, durationMs: 2_500 });
  run.child.stdin!.end(Buffer.from(tone.buffer));
  expect(await run.ended(), run.said).toBe(0);
  const sound = heard.trimmed();
  expect(sound.length / heard.sampleRate).toBeGreaterThan(2.3);
  expect(sound.length / heard.sampleRate).toBeLessThan(2.7);
  const { frequency, snr } = cleanestTone(sound, heard.sampleRate, 330);
  expect(frequency).toBeCloseTo(330, 0);
  expect(snr).toBeGreaterThan(20);
});
