import { listPlugins, type PluginListing } from '@sluice/core/plugins';
import { nodeEntries } from './node-entries.ts';

/** A node that can be imported. */
export interface InstalledNode {
  /** As it is imported: `fromTone`. */
  readonly name: string;
  /** From where. */
  readonly package: string;
  readonly about: string;
}

/** The nodes of `@sluice/nodes`, and those that the plugins around a folder say they have. */
export async function installedNodes(folder: string): Promise<readonly InstalledNode[]> {
  const ours = (await nodeEntries())
    .filter(({ latency }) => latency !== '-')
    .map(({ name, about }) => ({ name, package: '@sluice/nodes', about }));
  const plugins = await listPlugins(folder);
  return [...ours, ...plugins.flatMap(nodesOf)];
}

function nodesOf({ name, nodes }: PluginListing): InstalledNode[] {
  return nodes.map((node) => ({ name: node.export, package: name, about: `the node ${node.name}` }));
}
