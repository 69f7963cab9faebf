import { PLUGIN_CONTRACT } from '../node/plugin-contract.ts';

/** A node of a plugin. */
export interface PluginNode {
  /** As `defineNode` names it. */
  readonly name: string;
  /** The export of the package that is its factory; `default` too. */
  readonly export: string;
}

/** What stands in `"sluice"` of a plugin's package.json, as far as it makes sense. */
interface PluginManifest {
  readonly contract: number | undefined;
  readonly nodes: readonly PluginNode[];
  readonly fault: string | undefined;
}

const MOST_NODES = 200;
const NODE_NAME = /^[a-z][a-z0-9-]{0,99}$/;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,99}$/u;

/** Reads `{ contract, nodes: [{ name, export }] }`, and says the first thing that is wrong with it. Never throws. */
export function readManifest(value: unknown): PluginManifest {
  const nothing = { contract: undefined, nodes: [] };
  if (value === undefined) return { ...nothing, fault: 'its package.json has the keyword, but no "sluice"' };
  if (!isObject(value)) return { ...nothing, fault: '"sluice" in its package.json is no object' };
  const contract = Number.isSafeInteger(value.contract) ? (value.contract as number) : undefined;
  const { nodes, fault } = readNodes(value.nodes);
  return { contract, nodes, fault: contractFault(contract) ?? fault };
}

function contractFault(contract: number | undefined): string | undefined {
  if (contract === undefined) return '"contract" of "sluice" is no whole number';
  if (contract === PLUGIN_CONTRACT) return undefined;
  return `it is made for contract ${contract}, this @sluice/core for ${PLUGIN_CONTRACT}`;
}

function readNodes(list: unknown): Pick<PluginManifest, 'nodes' | 'fault'> {
  if (!Array.isArray(list)) return { nodes: [], fault: '"nodes" of "sluice" is no list' };
  const nodes = new Map<string, PluginNode>();
  let fault = list.length > MOST_NODES ? `it has more than ${MOST_NODES} nodes; the others are left out` : undefined;
  for (const [index, entry] of list.slice(0, MOST_NODES).entries()) {
    const { name, export: exported } = isObject(entry) ? entry : {};
    if (typeof name !== 'string' || !NODE_NAME.test(name))
      fault ??= `"name" of node ${index} is not of lower-case letters, digits and hyphens`;
    else if (typeof exported !== 'string' || !IDENTIFIER.test(exported))
      fault ??= `"export" of the node ${name} is no name of an export`;
    else if (nodes.has(name)) fault ??= `it has two nodes ${name}`;
    else nodes.set(name, { name, export: exported });
  }
  return { nodes: [...nodes.values()], fault };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
