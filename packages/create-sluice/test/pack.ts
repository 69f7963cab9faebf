import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from './npm.ts';

const root = join(import.meta.dirname, '../../..');

/** Tarballs by the names of their packages. */
export type Tarballs = ReadonlyMap<string, string>;

/** What somebody needs of ours who begins a plugin, by its folder. The other packages are tried as scripts/check-packages.sh packs them. */
const OURS = ['core', 'create-sluice', 'plugin-minimal'];
/** What a plugin needs of others, as it is installed here: so no network is needed. */
const FOREIGN = ['rxjs', 'tslib', 'zod'];
/** What core's own types need. */
const TYPES = ['@types/node', 'undici-types'];

/** Packs what a plugin needs of this repository, as `npm publish` would, and what it needs of others. */
export async function pack(into: string): Promise<Tarballs> {
  await mkdir(into, { recursive: true });
  const ours = OURS.map((name) => `./packages/${name}`);
  const others = [...FOREIGN, ...TYPES, 'typescript'].map((name) => `./node_modules/${name}`);
  const flags = ['--ignore-scripts', '--json', '--pack-destination', into];
  const told = await npm(['pack', ...flags, ...ours, ...others], root, into);
  const packed: readonly { readonly name: string; readonly filename: string }[] = JSON.parse(told);
  return new Map(packed.map(({ name, filename }) => [name, join(into, filename)]));
}

/** The arguments for `npm install` of some packages: their tarballs. */
export function filesOf(tarballs: Tarballs, names: readonly string[]): string[] {
  return names.map((name) => {
    const file = tarballs.get(name);
    if (file === undefined) throw new Error(`${name} was not packed`);
    return file;
  });
}

export const neededToUse = ['@sluice/core', ...FOREIGN, ...TYPES];
export const neededToBuild = [...neededToUse, 'typescript'];
