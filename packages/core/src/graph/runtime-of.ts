import type { Runtime } from '../runtime/runtime.ts';

const runtimes = new WeakMap<object, Runtime>();

/** Remembers what runs a graph, for rooms above that look at its actors. */
export function rememberRuntime(graph: object, runtime: Runtime): void {
  runtimes.set(graph, runtime);
}

/** What runs a graph; undefined for anything else. */
export function runtimeOf(graph: object): Runtime | undefined {
  return runtimes.get(graph);
}
