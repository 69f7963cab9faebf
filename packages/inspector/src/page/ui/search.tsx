import type { GraphTopology } from '../../protocol/messages.ts';
import type { PickedPart } from '../graph/picked-part.ts';

export interface SearchProps {
  readonly topology: GraphTopology | undefined;
  readonly pick: (picked: PickedPart) => void;
}

/** Finds a node or link by what it is called. */
export function Search({ topology, pick }: SearchProps) {
  const { nodes = [], links = [] } = topology ?? {};
  const find = (text: string, whole: boolean): boolean => {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return false;
    const holds = (id: string) => (whole ? id.toLowerCase() === wanted : id.toLowerCase().includes(wanted));
    const node = nodes.find(({ id }) => holds(id));
    const link = node ?? links.find(({ id }) => holds(id));
    if (link !== undefined) pick({ kind: node === undefined ? 'link' : 'node', id: link.id });
    return link !== undefined;
  };
  return (
    <>
      <input
        id="search"
        type="search"
        placeholder="Find ( / )"
        aria-label="Find a node or link"
        list="parts"
        onInput={({ currentTarget }) => find(currentTarget.value, true)}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape') currentTarget.blur();
          if (key === 'Enter' && find(currentTarget.value, false)) currentTarget.blur();
        }}
      />
      <datalist id="parts">
        {[...nodes, ...links].map(({ id }) => (
          <option key={id} value={id} />
        ))}
      </datalist>
    </>
  );
}
