import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from '../measuring/report.ts';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

/** What a project of the template `talkback` installs of ours. */
const OURS = ['core', 'nodes', 'transport', 'protocol', 'page', 'inspector', 'cli', 'create-sluice'];

/**
 * From nothing on the disk to the first sound that was heard, by the steps of the README and of docs/start.md. Cold: npm has
 * fetched nothing yet. Warm: it has, the first time.
 */
export const firstSound: Bench = {
  name: 'first-sound',
  async run(report, { quick, note }) {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-first-sound-'));
    try {
      const tarballs = await pack(folder);
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

/** As the registry would have them. */
async function pack(into: string): Promise<readonly string[]> {
  const folders = OURS.map((name) => `./packages/${name}`);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into, ...folders];
  const told = await give('npm', args, root, join(into, 'packing'));
  return (JSON.parse(told) as readonly { readonly filename: string }[]).map(({ filename }) => join(into, filename));
}

/** The test of the template hears a tone. */
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

/** Runs a program with a cache of its own, and without what an npm around us has told it. */
async function give(program: string, args: readonly string[], cwd: string, cache: string): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:npm_(?!config_registry)|node_options)/i.test(name));
  const env = {
    ...Object.fromEntries(own),
    npm_config_cache: cache,
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
  return (await execute(program, args, { cwd, env, maxBuffer: 2 ** 26 })).stdout;
}
