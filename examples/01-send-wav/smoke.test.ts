import { CallClient } from '@sluice/transport';
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

it('is heard as it is in the file', async () => {
  const heard = smoke.hear();
  const run = smoke.start('01-send-wav', '--seconds', '3');
  expect(await run.ended(), run.said).toBe(0);
  const { correlation, longestGapMs } = compareAudio(
    await readMono(asset('greeting.wav'), 48_000, 3),
    heard.samples,
    48_000,
  );
  expect(correlation).toBeGreaterThan(0.8);
  expect(longestGapMs).toBeLessThan(60);
});

it('opens a room of its own when it is given none, and waits for somebody', async () => {
  const run = smoke.startAlone('01-send-wav', '--seconds', '1');
  const url = await run.told(/the room is (\S+)/);
  await using guest = new CallClient();
  await guest.join(url);
  expect(await run.ended(), run.said).toBe(0);
});
