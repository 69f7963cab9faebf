import type { GraphSnapshot, LinkSnapshot, NodeSnapshot } from '@sluice/core';
import type { GraphTopology, LinkTopology, NodeTopology } from '../protocol/messages.ts';

/** What of a graph stays as it is between two changes. */
export function graphTopology(graph: number, { name, nodes, links }: GraphSnapshot): GraphTopology {
  return { graph, name, nodes: nodes.map(nodeTopology), links: links.map(linkTopology) };
}

/** Is another one when anything of its topology is. */
export function topologyKey({ nodes, links }: GraphSnapshot): string {
  let key = '';
  for (const { id } of nodes) key += `${id}\n`;
  for (const { id, format, converter } of links) key += `${id}\t${format}\t${converter}\n`;
  return key;
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
