import type { Graph } from '@sluice/core';
import type { SessionEnv, SessionProgram } from '@sluice/core/session';
import { badProgram } from '../errors.ts';
import { type Exports, loadFile } from './load-module.ts';

const EXPECTED = 'a default export, or an export `program`, that is a graph or (env) => graph';

/** What a file gives: a graph that is there, or what makes one of its surroundings. */
export type Program = { readonly graph: Graph } | { readonly program: SessionProgram };

/**
 * Loads what a file gives.
 *
 * @throws SLUICE_CLI_PROGRAM if it is neither a graph nor a function, and what `loadFile` throws
 */
export async function programOf(file: string): Promise<Program> {
  const module = await loadFile(file);
  const given = exported(module);
  if (isGraph(given)) return { graph: given };
  if (typeof given === 'function') return { program: given as SessionProgram };
  throw badProgram(`${file} gives no graph`, EXPECTED);
}

/** The graph of a program in its surroundings; it is not started. */
export async function graphOf(file: string, program: Program, env: SessionEnv): Promise<Graph> {
  if ('graph' in program) return program.graph;
  let given: unknown;
  try {
    given = await program.program(env);
  } catch (error) {
    throw badProgram(`the program of ${file} throws`, EXPECTED, error);
  }
  const graph = isGraph(given) ? given : (given as { readonly graph?: unknown } | undefined)?.graph;
  if (isGraph(graph)) return graph;
  throw badProgram(`the program of ${file} gives no graph`, '(env) => graph, or (env) => ({ graph })');
}

/** What was compiled to CommonJS has its default export in another. */
function exported(module: Exports): unknown {
  const given = module.program ?? module.default;
  if (typeof given !== 'object' || given === null || isGraph(given)) return given;
  return (given as Exports).program ?? (given as Exports).default ?? given;
}

/** By what it can do: the program may have another copy of core. */
function isGraph(value: unknown): value is Graph {
  if (typeof value !== 'object' || value === null) return false;
  return ['run', 'stop', 'inspect', 'toMermaid'].every((name) => typeof (value as Exports)[name] === 'function');
}
