import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

/** Tarballs of our packages, as the registry would have them, in their order. */
export async function packed(into: string, names: readonly string[]): Promise<readonly string[]> {
  const folders = names.map((name) => `./packages/${name}`);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into, ...folders];
  const told = await give('npm', args, root, join(into, 'packing'));
  return (JSON.parse(told) as readonly { readonly filename: string }[]).map(({ filename }) => join(into, filename));
}

/** Runs a program with a cache of its own, and without what an npm around us has told it. */
export async function give(program: string, args: readonly string[], cwd: string, cache: string): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:npm_(?!config_registry)|node_options)/i.test(name));
  const env = {
    ...Object.fromEntries(own),
    npm_config_cache: cache,
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
  return (await execute(program, args, { cwd, env, maxBuffer: 2 ** 26 })).stdout;
}
