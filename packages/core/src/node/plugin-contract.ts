import { invalidArgument, SluiceError } from '../errors.ts';

/**
 * The number of the contract between nodes and the graph that runs them: what a blueprint carries and which calls it
 * gets. It grows when a node made for the former one would not work any more, and with nothing else.
 */
export const PLUGIN_CONTRACT = 1;

/** Marks blueprints across copies of this package: each copy has classes and functions of its own. */
const BLUEPRINT = Symbol.for('sluice.blueprint');

/** What is marked, as another copy or version of this package may have made it. */
interface Marked {
  readonly name: string;
  readonly contract: number;
  readonly package?: string | undefined;
  /** The module of the core that made it. */
  readonly madeBy?: string | undefined;
}

/** Marks what `defineNode` makes. */
export function brand<B extends Marked>(blueprint: B): B {
  return Object.defineProperty(blueprint, BLUEPRINT, { value: true, enumerable: true });
}

/** Whether something is a blueprint of any copy and any version of this package. */
export function isBlueprint(value: unknown): value is Marked {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BLUEPRINT] === true;
}

/**
 * Lets a blueprint pass that a node of this contract made.
 *
 * @throws TypeError for what `defineNode` did not make; SluiceError SLUICE_PLUGIN_CONTRACT for another contract's
 */
export function checkContract(value: unknown): void {
  if (!isBlueprint(value))
    throw invalidArgument('blueprint', 'what a factory made with defineNode returns: add(mixer())', value);
  const { name, contract, madeBy } = value;
  if (contract === PLUGIN_CONTRACT) return;
  const owner = value.package;
  const node = owner === undefined ? `the node ${name}` : `the node ${name} of ${owner}`;
  const maker = madeBy === undefined ? '' : ` by ${madeBy}`;
  const numbers = { expected: `contract ${PLUGIN_CONTRACT}`, received: contract } as const;
  throw new SluiceError('SLUICE_PLUGIN_CONTRACT', `${node} was made${maker} for another contract than this core's`, {
    ...numbers,
    fix: remedy(owner ?? 'the package of the node', contract),
  });
}

function remedy(owner: string, contract: unknown): string {
  const both = '`npm ls @sluice/core` shows who brings which core';
  return typeof contract === 'number' && contract > PLUGIN_CONTRACT
    ? `Update @sluice/core to one of contract ${contract}, or install an earlier ${owner}; ${both}`
    : `Update ${owner} to a version for contract ${PLUGIN_CONTRACT}; ${both}`;
}
