// Everything that is seen and pressed. What it shows comes from `link` and `figures`; what is drawn of a graph and of sound is
// in `graph` and `scope`.

import { useEffect, useState } from 'preact/hooks';
import type { DrawnGraph } from '../graph/picked-part.ts';
import type { Shown, Store } from '../link/store.ts';

/** What fills the page: the drawing, the same as tables, the calls, what is said. */
export type Stage = 'graph' | 'table' | 'calls' | 'talk';

/** Draws anew after each change of the store. */
export function useStore(store: Store): Store {
  const [, again] = useState(0);
  useEffect(() => store.subscribe(() => again((count) => count + 1)), [store]);
  return store;
}

export function viewOf({ topology, sample }: Shown, graph: number | undefined): DrawnGraph | undefined {
  const found = topology?.graphs.find((one) => one.graph === graph) ?? topology?.graphs[0];
  if (found === undefined) return undefined;
  return { topology: found, sample: sample?.graphs.find((one) => one.graph === found.graph) };
}
