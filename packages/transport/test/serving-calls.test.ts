import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

interface Held {
  readonly threads: number;
  readonly descriptors: number;
}

test('a process that serves one call after another keeps neither threads nor descriptors', async () => {
  const args = ['--import', path('peers/ts-loader.mjs'), path('peers/serve-calls.ts'), '3', '12'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [few, many] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Held);
  // Three calls may end their last threads late; twelve that were kept would be 48 threads and 96 descriptors more.
  expect(many!.threads).toBeLessThanOrEqual(few!.threads + 4);
  expect(many!.descriptors).toBeLessThanOrEqual(few!.descriptors + 8);
});
