import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

interface Manifest {
  readonly files?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/**
 * Installs in a project what its package.json asks for, and nothing besides, without a network: links into a store, as pnpm has
 * one. Our packages are copied into that, with what they need beside them: a link into this repository would lead to where
 * everything is found.
 */
export async function installProject(project: string, store: string): Promise<void> {
  const modules = join(project, 'node_modules');
  const { dependencies, devDependencies } = await manifestIn(project);
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const from = await stored(name, join(store, 'node_modules'));
    await link(from, join(modules, name));
    for (const [command, file] of Object.entries((await manifestIn(from)).bin ?? {}))
      await link(join(from, file), join(modules, '.bin', command));
  }
}

/** Where a package lies; ours in the store, and those of others in this repository. */
async function stored(name: string, modules: string): Promise<string> {
  const from = join(root, 'node_modules', name);
  if (!name.startsWith('@sluice/') && name !== 'create-sluice') return from;
  const to = join(modules, name);
  if (existsSync(to)) return to;
  const { files = [], dependencies, peerDependencies = {}, peerDependenciesMeta } = await manifestIn(from);
  // What is published, without what nobody runs.
  const kept = files.filter((file) => !/^(?:!.*|src|site|.*\.(?:md|txt))$/.test(file));
  await mkdir(to, { recursive: true });
  for (const file of ['package.json', ...kept])
    await cp(join(from, file), join(to, file), {
      recursive: true,
      filter: (path) => !/\.(?:map|tsbuildinfo|test\.js)$/.test(path),
    });
  const peers = Object.keys(peerDependencies).filter((peer) => peerDependenciesMeta?.[peer]?.optional !== true);
  for (const needed of [...Object.keys(dependencies ?? {}), ...peers])
    await link(await stored(needed, modules), join(modules, needed));
  return to;
}

async function manifestIn(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
}

async function link(to: string, at: string): Promise<void> {
  if (existsSync(at)) return;
  await mkdir(dirname(at), { recursive: true });
  await symlink(to, at);
}
