import type { GraphSnapshot } from '../graph/snapshot.ts';
import { videoFramePool } from '../media/video-frame-pool.ts';
import { figureRow, graphRows, linkRows, nodeRows, poolRows } from './metric-rows.ts';
import { type GraphMetric, metricsOf } from './metrics-of.ts';
import type { MetricSample } from './metrics-text.ts';
import { numbersIn } from './numbers-in.ts';

/**
 * All numbers that `inspect()` tells of graphs, and those of the memory for pictures, which all share. Texts are not among
 * them, but for names: of graphs, nodes and ports. Of two graphs of one name the second is told as `name-2`. Every metric
 * is there, also without a value.
 *
 * @example
 * const dropped = graphMetrics([bot.inspect()]).find(({ name }) => name === 'sluice.link.dropped.frames');
 */
export function graphMetrics(snapshots: readonly GraphSnapshot[]): readonly GraphMetric[] {
  const graphs = named(snapshots);
  const nodes = graphs.flatMap(([graph, { nodes }]) => nodes.map((node) => [{ graph, node: node.id }, node] as const));
  const links = graphs.flatMap(([graph, { links }]) =>
    links.map((link) => [{ graph, link: link.id, from: link.from, to: link.to, port: link.port }, link] as const),
  );
  return [
    ...metricsOf(
      graphRows,
      graphs.map(([graph, snapshot]) => [{ graph }, snapshot] as const),
    ),
    ...metricsOf(nodeRows, nodes),
    ...metricsOf(linkRows, links),
    ...metricsOf(poolRows, [[{}, videoFramePool.stats]]),
    { ...figureRow, samples: graphs.flatMap(([graph, { figures = {} }]) => figuresOf(graph, figures)) },
  ];
}

function named(snapshots: readonly GraphSnapshot[]): readonly (readonly [string, GraphSnapshot])[] {
  const taken = new Set<string>();
  return snapshots.map((snapshot) => {
    let free = snapshot.name;
    for (let count = 2; taken.has(free); count++) free = `${snapshot.name}-${count}`;
    taken.add(free);
    return [free, snapshot] as const;
  });
}

function figuresOf(graph: string, figures: Readonly<Record<string, object>>): readonly MetricSample[] {
  return Object.entries(figures).flatMap(([of, told]) =>
    numbersIn(told).map(([figure, value]) => ({ labels: { graph, of, figure }, value })),
  );
}
