import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AudioFrame } from '@sluice/core';
import { measureTone, samplesOf } from '@sluice/core/testing';
import { fromWavFile, toFrames } from '@sluice/nodes';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-crash-'));
});
afterAll(() => rm(folder, { recursive: true }));

const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const recorder = `
  import { fromTone, toWavFile } from ${JSON.stringify(built)};
  fromTone({ frequency: 440, sampleRate: 16000, live: true }).subscribe(toWavFile(process.argv[1]));
`;

it('leaves a readable file with all but the last second when the process is killed', async () => {
  const path = join(folder, 'killed.wav');
  const started = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '-e', recorder, path], { stdio: 'inherit' });
  await expect
    .poll(async () => (await stat(path).catch(() => ({ size: 0 }))).size, { timeout: 20_000 })
    .toBeGreaterThan(80_000);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const elapsedMs = performance.now() - started;

  const sink = toFrames<AudioFrame>();
  fromWavFile(path).subscribe(sink);
  const samples = samplesOf(await sink.finished);
  expect(samples.length).toBeGreaterThan(16_000);
  expect(samples.length).toBeLessThanOrEqual((elapsedMs / 1_000 + 0.1) * 16_000);
  // The header may be one flush behind the audio, never ahead of it.
  expect((await stat(path)).size - 80 - samples.byteLength).toBeLessThanOrEqual(2 * 16_000 * 2);
  expect(measureTone(samples, 16_000, 440).snr).toBeGreaterThan(80);
});
