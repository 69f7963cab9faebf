import { useEffect, useMemo, useState } from 'preact/hooks';
import type { GraphTopology } from '../../protocol/messages.ts';
import { type FoldedGraph, fold, type Opened, pathsOf } from './fold.ts';
import type { PickedPart } from './picked-part.ts';

export interface Folds extends FoldedGraph {
  /** The group that was opened last. */
  readonly newest: string | undefined;
  open(paths: readonly string[]): void;
  close(path: string): void;
}

/** A large graph with its groups folded, but for those that somebody opened and those that hold what is picked. */
export function useFolds(topology: GraphTopology, picked: PickedPart | undefined): Folds {
  const [{ opened, newest }, set] = useState<{ opened: Opened; newest: string | undefined }>({
    opened: new Set(),
    newest: undefined,
  });
  const shown = useMemo(() => fold(topology, opened), [topology, opened]);
  const open = (paths: readonly string[]) =>
    set(({ opened }) => ({ opened: new Set([...opened, ...paths]), newest: paths.at(-1) }));
  const close = (path: string) =>
    set(({ opened }) => ({ opened: new Set([...opened].filter((one) => one !== path)), newest: undefined }));
  useEffect(() => {
    const link = topology.links.find(({ id }) => picked?.kind === 'link' && id === picked.id);
    const ids = link === undefined ? [picked?.id] : [link.from, link.to];
    const paths = topology.nodes.filter(({ id }) => ids.includes(id)).flatMap(pathsOf);
    if (shown.foldable && paths.some((path) => !opened.has(path))) open(paths);
  }, [picked]);
  return { ...shown, newest, open, close };
}
