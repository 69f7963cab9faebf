import { type Cancel, type Graph, invalidArgument } from '@sluice/core';
import { INSPECT_PROTOCOL } from '../protocol/limits.ts';
import { removeRunFile, writeRunFile } from './run-files.ts';
import { type Inspector, type InspectorOptions, startInspector } from './start-inspector.ts';
import { writeSnapshot } from './write-snapshot.ts';

/** Options of `inspector.arm()`. */
export interface ArmOptions extends Omit<InspectorOptions, 'runFile'> {
  /** Is told of the inspector that a signal opened. Default: nobody; `listRunFiles()` has its address. */
  readonly opened?: (inspector: Inspector) => void;
  /**
   * Writes what `inspect()` says at each SIGUSR2 into a new JSON file: of this path (or one beside it, where that is there),
   * or with `true` in the working directory. Default: false.
   */
  readonly snapshot?: boolean | string;
  /** Is told the path of each file that was written. Default: nobody. */
  readonly written?: (path: string) => void;
}

/** A process that can be looked into when somebody asks. */
export interface Arming extends AsyncDisposable {
  /** One more graph. Returns what takes it back. */
  add(graph: Graph): Cancel;
  /** Takes no signal any more, and closes what it opened. */
  close(): Promise<void>;
}

/**
 * Opens an inspector at the first SIGUSR2, and says in the run file that it would. Nothing listens before, and nothing is
 * measured. With `snapshot` each signal leaves a file too; one that cannot be written is a warning of the process.
 *
 * @throws SLUICE_INSPECTOR_RUN_FILE where it cannot be said, TypeError for a `snapshot` that is no path
 */
export function arm(
  graphs: readonly Graph[],
  { opened, snapshot = false, written, ...options }: ArmOptions = {},
): Arming {
  if (typeof snapshot !== 'boolean' && (typeof snapshot !== 'string' || snapshot === ''))
    throw invalidArgument('arm.snapshot', 'true, false or a path', snapshot);
  const all = new Set<Graph>();
  const startedAt = new Date().toISOString();
  let opening: Promise<Inspector> | undefined;
  const announce = () =>
    writeRunFile({
      protocol: INSPECT_PROTOCOL,
      pid: process.pid,
      program: process.argv[1] ?? 'node',
      graphs: [...all].map(({ name }) => name),
      startedAt,
      signal: 'SIGUSR2',
    });
  const write = () => {
    if (snapshot === false) return;
    const to = snapshot === true ? process.cwd() : snapshot;
    writeSnapshot(all, to).then(written, (error: Error) => process.emitWarning(error));
  };
  const open = () => {
    write();
    if (opening !== undefined) return;
    opening = startInspector([...all], options);
    opening.then(opened, (error: Error) => {
      opening = undefined;
      process.emitWarning(error);
    });
  };
  const forget = () => removeRunFile(process.pid);
  const close = async () => {
    process.off('SIGUSR2', open);
    process.off('exit', forget);
    forget();
    await (await opening?.catch(() => undefined))?.close();
  };
  const add = (graph: Graph): Cancel => {
    all.add(graph);
    let hide = () => {};
    if (opening === undefined) announce();
    else opening.then((inspector) => (hide = inspector.add(graph))).catch(() => {});
    return () => {
      all.delete(graph);
      hide();
    };
  };
  for (const graph of graphs) all.add(graph);
  announce();
  process.on('SIGUSR2', open);
  process.on('exit', forget);
  return { add, close, [Symbol.asyncDispose]: close };
}
