import type { GraphTopology } from '../../protocol/messages.ts';
import type { Layout } from './lay-out.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Where an arrow key leads from a node: along its links, or to the next one above or below. */
export function neighbour(
  { nodes, links }: GraphTopology,
  layout: Layout,
  id: string,
  direction: Direction,
): string | undefined {
  if (direction === 'right') return links.find(({ from }) => from === id)?.to;
  if (direction === 'left') return links.find(({ to }) => to === id)?.from;
  const own = layout.nodes.get(id);
  if (own === undefined) return undefined;
  const sign = direction === 'down' ? 1 : -1;
  const distance = (other: string) => {
    const box = layout.nodes.get(other)!;
    const dy = sign * (box.y - own.y);
    return dy <= 0 ? Number.POSITIVE_INFINITY : dy + 2 * Math.abs(box.x - own.x);
  };
  const nearest = nodes.map((node) => node.id).sort((a, b) => distance(a) - distance(b))[0];
  return nearest !== undefined && Number.isFinite(distance(nearest)) ? nearest : undefined;
}
