import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compareAudio } from '../demo/compare-audio.ts';
import { asset } from '../room.ts';
import { readMono } from '../read-mono.ts';
import { Smoke } from '../smoke.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('is heard as it is in the file', async () => {
  const heard = smoke.hear();
  const run = smoke.start('01-send-wav', '--seconds', '3');
  const code = await run.ended();
  const sent = await readMono(asset('greeting.wav'), 48_000, 3);
  writeFileSync('/tmp/ex/heard.raw', Buffer.from(heard.samples.buffer));
  console.log(code, run.said, compareAudio(sent, heard.samples, 48_000));
  expect(code).toBe(0);
});
