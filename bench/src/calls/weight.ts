import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { give, packed } from '../measuring/packed.ts';
import type { Bench, Report } from '../measuring/report.ts';

const root = join(import.meta.dirname, '../../..');

/** What a program installs, by what it does. */
const installs = {
  'sound and pictures, no call': ['core', 'nodes'],
  'a bot in a call': ['core', 'nodes', 'protocol', 'page', 'transport'],
};

/** How much is on the disk after an install from tarballs, in a folder of its own; and how long the site of the documentation takes. */
export const weight: Bench = {
  name: 'weight',
  async run(report, { quick }) {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-weight-'));
    try {
      for (const [what, names] of Object.entries(installs)) await weigh(report, folder, what, names);
      await buildDocs(report, quick);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function weigh(report: Report, folder: string, what: string, names: readonly string[]): Promise<void> {
  const project = join(folder, what.replaceAll(/\W+/g, '-'));
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const tarballs = await packed(project, names);
  await give(
    'npm',
    ['install', '--ignore-scripts', '--omit=dev', 'rxjs@7', ...tarballs],
    project,
    join(folder, 'cache'),
  );
  const { bytes, files } = await sizeOf(join(project, 'node_modules'));
  report(`installed, ${what}`, bytes / 2 ** 20, 'MB', undefined, 'lower');
  report(`installed, ${what}`, files, 'files', undefined, 'lower');
}

async function sizeOf(folder: string): Promise<{ readonly bytes: number; readonly files: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length };
}

/** All examples are run on the way; without the pages of the API in a hurry. */
async function buildDocs(report: Report, quick: boolean): Promise<void> {
  const into = 'out/site-bench';
  const start = performance.now();
  try {
    const args = ['scripts/site/build-site.mjs', '--into', into, ...(quick ? ['--no-api'] : [])];
    await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 2 ** 26 });
    const seconds = (performance.now() - start) / 1_000;
    report(`the site is built${quick ? ', without the API' : ''}`, seconds, 's', undefined, 'lower');
  } finally {
    await rm(join(root, into), { recursive: true, force: true });
  }
}
