import type { LinkFigures, NodeFigures } from './graph-figures.ts';

/** How much a node needs to be looked at: one that failed first, then those with faults, then those that do most. */
export function troubleOfNode({ state, errors, busy }: NodeFigures): number {
  const failed = state === 'failed' || state === 'down';
  return (failed ? 4 : 0) + (errors > 0 ? 2 : 0) + busy;
}

/** How much a link needs to be looked at: one that drops just now first, then those that did, then the fullest. */
export function troubleOfLink({ droppedLately, dropped, fill }: LinkFigures): number {
  return (droppedLately > 0 ? 4 : 0) + (dropped > 0 ? 2 : 0) + (fill ?? 0);
}

/** So many at most, by what they need; all in their own order where they fit. */
export function worstOf<T>(all: readonly T[], troubleOf: (one: T) => number, most = all.length): readonly T[] {
  return all.length <= most ? all : all.toSorted((a, b) => troubleOf(b) - troubleOf(a)).slice(0, most);
}
