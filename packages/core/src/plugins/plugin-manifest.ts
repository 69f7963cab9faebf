import { PLUGIN_CONTRACT } from '../node/plugin-contract.ts';
import { type VoiceKind, voiceKinds } from '../voice/model.ts';

/** A node of a plugin. */
export interface PluginNode {
  /** As `defineNode` names it. */
  readonly name: string;
  /** The export of the package that is its factory; `default` too. */
  readonly export: string;
}

/** A model of a plugin: a recogniser, a voice, a detector. */
export interface PluginModel extends PluginNode {
  /** What it is: which of the voice's models it may be given for. */
  readonly kind: VoiceKind;
}

/** A room driver of a plugin: by it, calls enter rooms of another kind of server. */
export interface PluginDriver extends PluginNode {
  /** URL schemes of its meetings, with the colon: `janus+ws:`. */
  readonly schemes: readonly string[];
  /** What its rooms can do beside passing media on, in its own words. */
  readonly capabilities: readonly string[];
}

/** What stands in `"sluice"` of a plugin's package.json, as far as it makes sense. */
interface PluginManifest {
  readonly contract: number | undefined;
  readonly nodes: readonly PluginNode[];
  readonly models: readonly PluginModel[];
  readonly drivers: readonly PluginDriver[];
  readonly fault: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const MOST_ENTRIES = 200;
const NAME = /^[a-z][a-z0-9-]{0,99}$/;
/** As `registerRoomDriver` takes it. */
const SCHEME = /^[a-z][a-z0-9+.-]{0,30}:$/;
const CAPABILITY = NAME;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,99}$/u;

/**
 * Reads `{ contract, nodes: [{ name, export }], models: [{ name, kind, export }], drivers: [{ name, export, schemes, capabilities }] }`,
 * of which two lists may be absent, and says the first thing that is wrong with it. Never throws.
 */
export function readManifest(value: unknown): PluginManifest {
  const nothing = { contract: undefined, nodes: [], models: [], drivers: [] };
  if (value === undefined) return { ...nothing, fault: 'its package.json has the keyword, but no "sluice"' };
  if (!isObject(value)) return { ...nothing, fault: '"sluice" in its package.json is no object' };
  const contract = Number.isSafeInteger(value.contract) ? (value.contract as number) : undefined;
  const empty = [value.nodes, value.models, value.drivers].every((list) => list === undefined);
  const nodes = readList(value.nodes, 'node', (entry) => entry);
  const models = readList(value.models, 'model', modelOf);
  const drivers = readList(value.drivers, 'driver', driverOf);
  const fault = empty
    ? '"sluice" has no "nodes", no "models" and no "drivers"'
    : (nodes.fault ?? models.fault ?? drivers.fault);
  return {
    contract,
    nodes: nodes.entries,
    models: models.entries,
    drivers: drivers.entries,
    fault: contractFault(contract) ?? fault,
  };
}

function contractFault(contract: number | undefined): string | undefined {
  if (contract === undefined) return '"contract" of "sluice" is no whole number';
  if (contract === PLUGIN_CONTRACT) return undefined;
  return `it is made for contract ${contract}, this @sluice/core for ${PLUGIN_CONTRACT}`;
}

function modelOf(entry: PluginNode, { kind }: Fields): PluginModel | string {
  const known = voiceKinds.find((one) => one === kind);
  return known === undefined
    ? `"kind" of the model ${entry.name} is none of ${voiceKinds.join(', ')}`
    : { ...entry, kind: known };
}

function driverOf(entry: PluginNode, { schemes, capabilities = [] }: Fields): PluginDriver | string {
  if (!isListOf(SCHEME, schemes) || schemes.length === 0)
    return `"schemes" of the driver ${entry.name} is no list of URL schemes with their colon`;
  if (!isListOf(CAPABILITY, capabilities))
    return `"capabilities" of the driver ${entry.name} is no list of lower-case letters, digits and hyphens`;
  return { ...entry, schemes, capabilities };
}

function isListOf(form: RegExp, list: unknown): list is readonly string[] {
  return (
    Array.isArray(list) && list.length <= MOST_ENTRIES && list.every((one) => typeof one === 'string' && form.test(one))
  );
}

/** Reads a list of what has a name and an export; `complete` gives a text for what has more wrong with it. */
function readList<T extends PluginNode>(
  list: unknown,
  what: string,
  complete: (entry: PluginNode, given: Fields) => T | string,
): { readonly entries: readonly T[]; readonly fault?: string | undefined } {
  if (list === undefined) return { entries: [] };
  if (!Array.isArray(list)) return { entries: [], fault: `"${what}s" of "sluice" is no list` };
  const entries = new Map<string, T>();
  let fault =
    list.length > MOST_ENTRIES ? `it has more than ${MOST_ENTRIES} ${what}s; the others are left out` : undefined;
  for (const [index, given] of list.slice(0, MOST_ENTRIES).entries()) {
    const fields = isObject(given) ? given : {};
    const { name, export: exported } = fields;
    if (typeof name !== 'string' || !NAME.test(name)) {
      fault ??= `"name" of ${what} ${index} is not of lower-case letters, digits and hyphens`;
    } else if (typeof exported !== 'string' || !IDENTIFIER.test(exported)) {
      fault ??= `"export" of the ${what} ${name} is no name of an export`;
    } else {
      const entry = complete({ name, export: exported }, fields);
      if (typeof entry === 'string') fault ??= entry;
      else if (entries.has(name)) fault ??= `it has two ${what}s ${name}`;
      else entries.set(name, entry);
    }
  }
  return { entries: [...entries.values()], fault };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
