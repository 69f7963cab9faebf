// Everything that is seen and pressed. What it shows comes from `link` and `figures`; what is drawn of a graph and of sound is
// in `graph` and `scope`.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Recent } from '../figures/recent.ts';
import type { DrawnGraph } from '../graph/picked-part.ts';
import type { Shown, Store } from '../link/store.ts';

/** What fills the page: the drawing, the same as tables, the calls, the fleets, what is said. */
export type Stage = 'graph' | 'table' | 'calls' | 'fleets' | 'talk';

/**
 * Draws anew when anything of what is selected from the store is another, and no more often than the screen does. A part of
 * the page selects what it shows: the whole of it is never drawn anew for a sample.
 */
export function useStore<const T extends readonly unknown[]>(store: Store, select: (store: Store) => T): T {
  const [, again] = useState(0);
  const selected = select(store);
  const drawn = useRef({ select, selected });
  drawn.current = { select, selected };
  useEffect(() => {
    let due: number | undefined;
    const look = () => {
      due = undefined;
      const { current } = drawn;
      if (current.select(store).some((value, index) => value !== current.selected[index])) again((count) => count + 1);
    };
    // What came between the drawing and now.
    look();
    const leave = store.subscribe(() => {
      due ??= requestAnimationFrame(look);
    });
    return () => {
      leave();
      if (due !== undefined) cancelAnimationFrame(due);
    };
  }, [store]);
  return selected;
}

/** The graph that is shown with its numbers: draws anew with each sample of what is shown. */
export function useView(
  store: Store,
  graph: number | undefined,
): { readonly view: DrawnGraph | undefined; readonly recent: Recent } {
  useStore(store, ({ shown }) => [shown.topology, shown.sample]);
  return { view: viewOf(store.shown, graph), recent: store.shown.recent };
}

export function viewOf({ topology, sample }: Shown, graph: number | undefined): DrawnGraph | undefined {
  const found = topology?.graphs.find((one) => one.graph === graph) ?? topology?.graphs[0];
  if (found === undefined) return undefined;
  return { topology: found, sample: sample?.graphs.find((one) => one.graph === found.graph) };
}
