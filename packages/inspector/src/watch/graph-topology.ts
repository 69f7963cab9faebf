import type { GraphSnapshot, LinkSnapshot, NodeSnapshot } from '@sluice/core';
import type { GraphTopology, LinkTopology, NodeTopology } from '../protocol/messages.ts';

/** What of a graph stays as it is between two changes. */
export function graphTopology(graph: number, { name, nodes, links }: GraphSnapshot): GraphTopology {
  return { graph, name, nodes: nodes.map(nodeTopology), links: links.map(linkTopology) };
}

/** Whether two looks saw the same nodes, links, formats and converters: most do, five times a second. */
export function sameTopology(before: GraphSnapshot, after: GraphSnapshot): boolean {
  return (
    before.nodes.length === after.nodes.length &&
    before.links.length === after.links.length &&
    after.nodes.every(({ id }, index) => id === before.nodes[index]!.id) &&
    after.links.every(({ id, format, converter }, index) => {
      const known = before.links[index]!;
      return id === known.id && format === known.format && converter === known.converter;
    })
  );
}

function nodeTopology({ id, kind, description, groups, options }: NodeSnapshot): NodeTopology {
  return { id, kind, description, groups, ...(options === undefined ? {} : { options }) };
}

function linkTopology({ id, from, to, port, policy, capacity, format, converter }: LinkSnapshot): LinkTopology {
  const bound = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    id,
    from,
    to,
    port,
    policy,
    capacity: { frames: bound(capacity.frames), ms: bound(capacity.ms) },
    format,
    converter,
  };
}
