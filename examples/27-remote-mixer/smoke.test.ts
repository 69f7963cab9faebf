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

it('mixes what two other processes say, whole', async () => {
  const run = smoke.startAlone('27-remote-mixer', 'mixed.wav');
  expect(await run.ended(), run.said).toBe(0);
  const mixed = await readMono(join(smoke.directory, 'mixed.wav'), 48_000);
  const parts = await Promise.all(['greeting', 'music'].map((name) => readMono(asset(`${name}.wav`), 48_000)));
  const longest = Math.max(...parts.map((part) => part.length));
  expect(Math.abs(mixed.length - longest)).toBeLessThan(48_000 / 25);
  const sum = Int16Array.from({ length: longest }, (_, at) =>
    parts.reduce((all, part) => all + (part[at] ?? 0) / 2, 0),
  );
  expect(compareAudio(sum.subarray(0, 48_000 * 3), mixed, 48_000).correlation).toBeGreaterThan(0.98);
});
