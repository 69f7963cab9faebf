import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');

it('the example of the README runs as it stands', async () => {
  const [, example] = /```js\n(.*?)```/s.exec(await readFile(join(folder, 'README.md'), 'utf8'))!;
  // Inside the package, so that it finds what a reader would have installed.
  const apart = await mkdtemp(join(folder, 'dist/readme-'));
  try {
    const file = join(apart, 'crushed.mjs');
    await writeFile(file, example!);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    const [, heardMs] = /^interrupted after (\d+) ms\n16 levels are left of 65,536\n$/.exec(stdout) ?? [];
    expect(Number(heardMs), stdout).toBeGreaterThan(0);
  } finally {
    await rm(apart, { recursive: true });
  }
});
