import type { GraphTopology } from '../../protocol/messages.ts';

/** Nodes of a graph with the links between them. */
export type Part = Pick<GraphTopology, 'nodes' | 'links'>;

/** What of a graph hangs together, by links or as a group, in the order of its first nodes. */
export function partsOf({ nodes, links }: Part): readonly Part[] {
  const leaders = new Map<string, string>();
  const leaderOf = (one: string): string => {
    let leader = one;
    for (let next = leaders.get(leader); next !== undefined; next = leaders.get(leader)) leader = next;
    return leader;
  };
  const join = (one: string, other: string) => {
    const [first, second] = [leaderOf(one), leaderOf(other)];
    if (first !== second) leaders.set(second, first);
  };
  for (const { id, groups } of nodes) if (groups[0] !== undefined) join(id, `\u0001${groups[0]}`);
  for (const { from, to } of links) join(from, to);
  const parts = new Map<string, { readonly nodes: Part['nodes'][number][]; readonly links: Part['links'][number][] }>();
  for (const node of nodes) {
    const leader = leaderOf(node.id);
    const part = parts.get(leader) ?? { nodes: [], links: [] };
    parts.set(leader, part);
    part.nodes.push(node);
  }
  for (const link of links) parts.get(leaderOf(link.from))!.links.push(link);
  return [...parts.values()];
}
