import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SluiceError, toError } from '../errors.ts';

const MODULE = '@sluice/inspector/register';

/** What the module that is asked for gives. */
interface Register {
  attach(graph: object): Promise<void>;
}

let loading: Promise<Register | undefined> | undefined;
const offered = new WeakSet<object>();

/** Whether whoever started this process wants to look inside a graph that the inspector does not know yet. */
export function awaitsInspector(graph: object): boolean {
  const asked = process.env.SLUICE_INSPECT;
  return asked !== undefined && asked !== '' && asked !== '0' && !offered.has(graph);
}

/** Shows a graph to the inspector, if it is installed. Whatever fails there is a warning of the process: the graph runs. */
export async function offerToInspector(graph: object): Promise<void> {
  offered.add(graph);
  loading ??= loadInspector();
  try {
    await (await loading)?.attach(graph);
  } catch (error) {
    process.emitWarning(toError(error));
  }
}

/** Beside this package, or where the program runs: the program has chosen it, this package does not depend on it. */
function places(): readonly string[] {
  return [import.meta.url, pathToFileURL(join(process.cwd(), 'program.js')).href];
}

/** Loads it as a module at one of `from` would; says so in a warning of the process where none can. */
export async function loadInspector(from: readonly string[] = places()): Promise<Register | undefined> {
  let cause: unknown;
  for (const place of from)
    try {
      return (await import(pathToFileURL(createRequire(place).resolve(MODULE)).href)) as Register;
    } catch (error) {
      cause = error;
    }
  process.emitWarning(
    new SluiceError('SLUICE_INSPECTOR_MISSING', 'SLUICE_INSPECT is set, and the inspector cannot be loaded', {
      fix: 'npm install --save-dev @sluice/inspector, or unset SLUICE_INSPECT',
      cause,
    }),
  );
  return undefined;
}
