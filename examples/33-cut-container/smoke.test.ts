import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AudioFrame } from '@sluice/core';
import { align } from '@sluice/core/testing';
import { fromContainer } from '@sluice/plugin-mediabunny';
import { firstValueFrom, map, toArray } from 'rxjs';
import { afterAll, expect, it } from 'vitest';
import { concat, readMono } from '../read-mono.ts';
import { asset } from '../room.ts';

const runner = fileURLToPath(new URL('../../scripts/run-example.mjs', import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), 'sluice-cut-'));
afterAll(() => rmSync(cwd, { recursive: true }));

it('cuts a piece out, to the sample, as a telephone would send it', async () => {
  const { stderr } = await promisify(execFile)(process.execPath, [runner, '33-cut-container'], { cwd });
  expect(stderr).toContain('part.mov: QuickTime File Format, ulaw, 1500 ms');
  const frames = fromContainer(join(cwd, 'part.mov')).pipe(
    map((frame: AudioFrame) => frame.samples),
    toArray(),
  );
  const part = concat(await firstValueFrom(frames));
  expect(part.length).toBe(12_000);
  const { lag, correlation } = align(part.subarray(2_000, 8_000), await readMono(asset('greeting.wav'), 8_000, 3));
  expect(lag).toBe(4_000 + 2_000);
  expect(correlation).toBeGreaterThan(0.99);
});
