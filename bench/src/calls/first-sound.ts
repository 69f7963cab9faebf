import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { give, packed } from '../measuring/packed.ts';
import type { Bench } from '../measuring/report.ts';

const root = join(import.meta.dirname, '../../..');

/** What a project of the template `talkback` installs of ours. */
const OURS = ['core', 'nodes', 'plugin-vad-fvad', 'transport', 'protocol', 'page', 'inspector', 'cli', 'create-sluice'];

/**
 * From nothing on the disk to the first sound that was heard, by the steps of the README and of docs/start.md. Cold: npm has
 * fetched nothing yet. Warm: it has, the first time.
 */
export const firstSound: Bench = {
  name: 'first-sound',
  async run(report, { quick, note }) {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-first-sound-'));
    try {
      const tarballs = await packed(folder, OURS);
      for (const state of ['cold', 'warm'])
        report(
          `npm create sluice to first sound, ${state}`,
          await created(folder, state, tarballs),
          's',
          undefined,
          'lower',
        );
      if (quick) return note('clones take minutes: left out');
      for (const state of ['cold', 'warm'])
        report(`clone to first sound, ${state}`, await cloned(folder, state), 's', undefined, 'lower');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** The tests of the template hear it. */
async function created(folder: string, state: string, tarballs: readonly string[]): Promise<number> {
  const cache = join(folder, 'cache-created');
  const begun = join(folder, `created-${state}`);
  await mkdir(begun);
  const start = performance.now();
  const create = ['exec', '--yes', '--package', tarballs.at(-1)!, 'create-sluice', '--'];
  await give('npm', [...create, 'bot', '--template', 'talkback'], begun, cache);
  const bot = join(begun, 'bot');
  await give('npm', ['install', '--no-save', ...tarballs], bot, cache);
  await give('npm', ['test'], bot, cache);
  return (performance.now() - start) / 1_000;
}

/** The demo hears its own voice in a call, and ends. */
async function cloned(folder: string, state: string): Promise<number> {
  const cache = join(folder, 'cache-cloned');
  const clone = join(folder, `cloned-${state}`);
  const start = performance.now();
  await give('git', ['clone', '--quiet', '--no-hardlinks', root, clone], folder, cache);
  await give('npm', ['ci'], clone, cache);
  await give('npm', ['run', 'demo'], clone, cache);
  return (performance.now() - start) / 1_000;
}
