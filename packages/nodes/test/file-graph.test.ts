import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { graph } from '@sluice/core';
import { trackFrames, VirtualClock } from '@sluice/core/testing';
import { fromWavFile, toWavFile } from '@sluice/nodes';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

const music = fileURLToPath(new URL('../../../examples/assets/music.wav', import.meta.url));

it.each([false, true])('copies a file through a graph sample for sample (live: %s)', async (live) => {
  using tracker = trackFrames();
  const clock = new VirtualClock();
  const path = join(folder, `copy-${live}.wav`);
  const copy = graph('copy', { clock });
  const sink = toWavFile(path);
  copy.from(fromWavFile(music, { live, loop: 2 })).to(sink);
  const running = copy.run();
  const took = await clock.run({ until: running });
  await running;
  expect(await sink.finished).toMatchObject({ samples: 441_000, gaps: 0, channels: 2 });
  const [original, written] = [await readFile(music), await readFile(path)];
  const audio = original.subarray(-882_000);
  expect(written.subarray(80).equals(Buffer.concat([audio, audio]))).toBe(true);
  if (live) expect(took).toBeCloseTo(10_000, -2);
  tracker.assertNone();
});

it('fails before anything flows when a file is not there', async () => {
  const missing = graph('missing');
  missing.from(fromWavFile(join(folder, 'none.wav'))).to(toWavFile(join(folder, 'out.wav')));
  await expect(missing.run()).rejects.toThrow(/none\.wav cannot be opened/);
});
