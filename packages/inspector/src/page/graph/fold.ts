import type { GraphTopology, LinkTopology, NodeTopology } from '../../protocol/messages.ts';

/** Above so many nodes groups are folded until somebody opens them: nobody reads more at once. */
const MANY = 60;

/** A group that is drawn as one. */
export interface Folded {
  /** `call/voice` */
  readonly path: string;
  /** Of the nodes in it, by their places in the topology. */
  readonly nodes: readonly number[];
  /** Of the links that both begin and end in it. */
  readonly links: readonly number[];
}

/** A graph as it is drawn: some of its groups as a node each, and links to and from them as one. */
export interface FoldedGraph {
  /** A folded group is a node of it. */
  readonly drawn: GraphTopology;
  /** By the id that its node has in what is drawn. */
  readonly folded: ReadonlyMap<string, Folded>;
  /** By the id of the link that is drawn: the places of all that it stands for. */
  readonly bundles: ReadonlyMap<string, readonly number[]>;
  /** By the id of a node that is drawn as it is: its place in the topology. */
  readonly places: ReadonlyMap<string, number>;
  /** Whether groups can be folded, and opened again. */
  readonly foldable: boolean;
}

/** Groups that somebody opened, by their paths. */
export type Opened = ReadonlySet<string>;

/** The paths of the groups that something is in, the outermost first. */
export function pathsOf({ groups }: Pick<NodeTopology, 'groups'>): readonly string[] {
  return groups.map((_, depth) => groups.slice(0, depth + 1).join('/'));
}

/** Folds the groups of a large graph that nobody has opened, the outermost first. */
export function fold(topology: GraphTopology, opened: Opened): FoldedGraph {
  const foldable = topology.nodes.length > MANY;
  const standsIn = new Map<string, string>();
  const places = new Map<string, number>();
  const folded = new Map<string, { path: string; nodes: number[]; links: number[] }>();
  const nodes: NodeTopology[] = [];
  for (const [index, node] of topology.nodes.entries()) {
    const path = foldable ? pathsOf(node).find((one) => !opened.has(one)) : undefined;
    // No node has such a name.
    const id = path === undefined ? node.id : `\u0001${path}`;
    standsIn.set(node.id, id);
    const group = folded.get(id);
    if (group !== undefined) group.nodes.push(index);
    else if (path === undefined) {
      places.set(id, index);
      nodes.push(node);
    } else {
      folded.set(id, { path, nodes: [index], links: [] });
      nodes.push({ ...node, id, groups: node.groups.slice(0, pathsOf(node).indexOf(path)) });
    }
  }
  const links: LinkTopology[] = [];
  const bundles = new Map<string, number[]>();
  const known = new Map<string, number[]>();
  for (const [index, link] of topology.links.entries()) {
    const [from, to] = [standsIn.get(link.from)!, standsIn.get(link.to)!];
    const isFolded = folded.has(from) || folded.has(to);
    if (isFolded && from === to) folded.get(from)!.links.push(index);
    else {
      const bundle = isFolded ? known.get(`${from}\n${to}`) : undefined;
      if (bundle !== undefined) bundle.push(index);
      else {
        const own = [index];
        known.set(`${from}\n${to}`, own);
        bundles.set(link.id, own);
        links.push({ ...link, from, to });
      }
    }
  }
  return { drawn: { ...topology, nodes, links }, folded, bundles, places, foldable };
}
