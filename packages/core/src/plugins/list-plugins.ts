import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { invalidArgument } from '../errors.ts';
import { type PluginDriver, type PluginModel, type PluginNode, readManifest } from './plugin-manifest.ts';
import { readPackageFile } from './read-package-file.ts';

/** The keyword in package.json by which a plugin is known. */
export const PLUGIN_KEYWORD = 'sluice-plugin';

/** A plugin that is installed, by its manifest. */
export interface PluginListing {
  /** By which it is imported: the name of its folder in `node_modules`, `@scope/` included. */
  readonly name: string;
  /** Of its `package.json`; undefined where that has none that can be shown. */
  readonly version: string | undefined;
  /** Where it was found, links not followed. */
  readonly folder: string;
  /** The contract that it says it is made for; undefined where it says none. */
  readonly contract: number | undefined;
  /** The nodes that it says it has, without those of faulty entries. */
  readonly nodes: readonly PluginNode[];
  /** The models that it says it has: recognisers, voices, detectors. */
  readonly models: readonly PluginModel[];
  /** The room drivers that it says it has. */
  readonly drivers: readonly PluginDriver[];
  /** Why it cannot be used as it is. */
  readonly fault: string | undefined;
}

/** Packages that are looked at in one `node_modules`, and files that are open at once. */
const MOST_PACKAGES = 20_000;
const MOST_OPEN = 32;
/** Names under which a package is installed; anything else in `node_modules` is none. */
const PACKAGE_NAME = /^(?:@[\w.~-]{1,100}\/)?[\w~-][\w.~-]{0,213}$/;
/** Names that plugins have, for those whose manifest cannot be read. */
const PLUGIN_NAME = /^(?:@[^/]+\/)?sluice-plugin(?:-|$)|^@sluice\/plugin-/;

/**
 * Lists the plugins that a file in `dir` could import: packages with the keyword `sluice-plugin` in the `node_modules` of
 * `dir` and of each folder above it, the nearest of a name first, as Node looks for them. Links are followed (workspaces,
 * pnpm). Reads each `package.json`, at most 256 KiB of it, and imports nothing. What is wrong with a plugin's manifest
 * stands in its `fault`; a folder that cannot be read is passed over.
 *
 * @param dir A folder; it need not exist.
 * @returns sorted by name
 * @throws TypeError if `dir` is no string
 * @example
 * for (const { name, nodes, fault } of await listPlugins(process.cwd())) console.log(name, fault ?? nodes);
 */
export async function listPlugins(dir: string): Promise<readonly PluginListing[]> {
  if (typeof dir !== 'string' || dir === '' || dir.includes('\0'))
    throw invalidArgument('listPlugins.dir', 'the path of a folder', dir);
  const found = new Map<string, PluginListing | undefined>();
  for (const modules of await modulesAbove(dir)) {
    const names = (await packagesOf(modules)).filter((name) => !found.has(name));
    for (let at = 0; at < names.length; at += MOST_OPEN) {
      const batch = names.slice(at, at + MOST_OPEN);
      const listings = await Promise.all(batch.map((name) => listingOf(name, join(modules, name))));
      // What is no plugin hides a farther one of its name all the same.
      for (const [index, name] of batch.entries()) found.set(name, listings[index]);
    }
  }
  return [...found.values()].filter((listing) => listing !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The `node_modules` that Node looks into from `dir`, nearest first. */
async function modulesAbove(dir: string): Promise<string[]> {
  const list: string[] = [];
  for (let at = await realpath(dir).catch(() => resolve(dir)); ; at = dirname(at)) {
    if (basename(at) !== 'node_modules') list.push(join(at, 'node_modules'));
    if (dirname(at) === at) return list;
  }
}

async function packagesOf(modules: string): Promise<string[]> {
  const entries = await namesIn(modules);
  const scopes = entries.filter((entry) => entry.startsWith('@'));
  const names = entries.filter((entry) => !entry.startsWith('@'));
  for (const scope of scopes) for (const name of await namesIn(join(modules, scope))) names.push(`${scope}/${name}`);
  return names.filter((name) => PACKAGE_NAME.test(name)).slice(0, MOST_PACKAGES);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Undefined for what is no plugin. */
async function listingOf(name: string, folder: string): Promise<PluginListing | undefined> {
  const { text, fault } = await readPackageFile(join(folder, 'package.json'));
  const nothing = { name, version: undefined, folder, contract: undefined, nodes: [], models: [], drivers: [] };
  const broken = (reason: string) => ({ ...nothing, fault: reason });
  const mayBe = PLUGIN_NAME.test(name) || text.includes(`"${PLUGIN_KEYWORD}"`);
  if (fault !== undefined) return mayBe ? broken(fault) : undefined;
  let content: unknown;
  try {
    // A byte order mark is allowed, as npm allows it.
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return mayBe ? broken('its package.json is no JSON') : undefined;
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    return mayBe ? broken('its package.json is no JSON object') : undefined;
  const { keywords, version, sluice } = content as Record<string, unknown>;
  if (!Array.isArray(keywords) || !keywords.includes(PLUGIN_KEYWORD)) return undefined;
  const shown = typeof version === 'string' && /^[\w.+-]{1,100}$/.test(version) ? version : undefined;
  return { ...nothing, version: shown, ...readManifest(sluice) };
}
