import { join } from 'node:path';
import { peak } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readMono } from '../read-mono.ts';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('records the meeting and each guest', async () => {
  const run = smoke.start('meeting-recorder');
  await smoke.arrival();
  await smoke.speak(2);
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  for (const name of ['meeting.wav', 'guest-1.wav']) {
    const samples = await readMono(join(smoke.directory, name), 16_000);
    expect(samples.length, name).toBeGreaterThan(16_000);
    expect(peak(samples), name).toBeGreaterThan(2_000);
  }
});
