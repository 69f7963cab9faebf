import type { GraphTopology } from '../../protocol/messages.ts';
import type { Layout } from './lay-out.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Where an arrow key leads from a node: along its links, or to the next one on that side. */
export function neighbour(
  { nodes, links }: GraphTopology,
  layout: Layout,
  id: string,
  direction: Direction,
): string | undefined {
  const along =
    direction === 'right'
      ? links.find(({ from }) => from === id)?.to
      : direction === 'left'
        ? links.find(({ to }) => to === id)?.from
        : undefined;
  const own = layout.nodes.get(id);
  if (along !== undefined || own === undefined) return along;
  const sign = direction === 'down' || direction === 'right' ? 1 : -1;
  const isUpright = direction === 'down' || direction === 'up';
  const distance = (other: string) => {
    const box = layout.nodes.get(other)!;
    const [dx, dy] = [box.x - own.x, box.y - own.y];
    const [ahead, aside] = isUpright ? [sign * dy, dx] : [sign * dx, dy];
    return ahead <= 0 ? Number.POSITIVE_INFINITY : ahead + 2 * Math.abs(aside);
  };
  const nearest = nodes.map((node) => node.id).sort((a, b) => distance(a) - distance(b))[0];
  return nearest !== undefined && Number.isFinite(distance(nearest)) ? nearest : undefined;
}
