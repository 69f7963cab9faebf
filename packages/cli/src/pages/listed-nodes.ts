import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { listPlugins, type PluginListing } from '@sluice/core/plugins';
import { nodeEntries } from './node-entries.ts';

/** A node that there is, and whether it is here. */
export interface ListedNode {
  /** As it is imported: `fromTone`. */
  readonly name: string;
  /** From where. */
  readonly package: string;
  readonly about: string;
  /** The command that installs its package; absent where it can be imported. */
  readonly install?: string;
}

/**
 * The nodes of the documentation, and those that the plugins around a folder say they have besides. What can be imported from the
 * folder comes first; nothing is imported.
 */
export async function listedNodes(folder: string): Promise<readonly ListedNode[]> {
  const known = (await nodeEntries())
    .filter(({ latency }) => latency !== '-')
    .map(({ name, package: from, about }) => ({ name, package: from, about, ...installOf(from, folder) }));
  const isKnown = (node: ListedNode) => known.some((one) => one.name === node.name && one.package === node.package);
  const others = (await listPlugins(folder)).flatMap(nodesOf).filter((node) => !isKnown(node));
  const all: readonly ListedNode[] = [...known, ...others];
  return [...all.filter(({ install }) => install === undefined), ...all.filter(({ install }) => install !== undefined)];
}

/** What has to be done before a file in a folder can import a package. */
export function installOf(name: string, folder: string): { readonly install?: string } {
  try {
    createRequire(resolve(folder, 'package.json')).resolve(name);
    return {};
  } catch {
    return { install: `npm install ${name}` };
  }
}

function nodesOf({ name, nodes }: PluginListing): ListedNode[] {
  return nodes.map((node) => ({ name: node.export, package: name, about: `the node ${node.name}` }));
}
