import { invalidArgument } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { graphMetrics } from './graph-metrics.ts';
import type { GraphMetric } from './metrics-of.ts';
import { metricsText } from './metrics-text.ts';

/** How a unit ends a name in Prometheus; what is counted ends none. */
const unitEnds: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' };

/**
 * All numbers that `inspect()` tells of graphs, in the text format of Prometheus (version 0.0.4): give it out as `METRICS_TYPE`
 * by whatever serves the application's figures. A text has each name once, so all graphs of a process go into one call; what
 * `Daily.metrics()` tells has other names and may follow. Nothing is kept between calls, and nothing is done without one.
 *
 * The names are those of `graphMetrics` as Prometheus writes them: `sluice.link.dropped.frames` is
 * `sluice_link_dropped_frames_total`.
 *
 * @param graphs one or several; of two of one name the second is told as `name-2`
 * @throws TypeError for what is no graph
 * @example
 * import { createServer } from 'node:http';
 * import { METRICS_TYPE, prometheus } from '@sluice/core';
 * createServer((_, response) => response.setHeader('content-type', METRICS_TYPE).end(prometheus(bot)))
 *   .listen(9101, '127.0.0.1');
 */
export function prometheus(graphs: Graph | readonly Graph[]): string {
  const all = [graphs].flat();
  for (const one of all) if (typeof one?.inspect !== 'function') throw invalidArgument('graphs', 'graphs', one);
  return prometheusText(graphMetrics(all.map((one) => one.inspect())));
}

/** Figures under the names that Prometheus wants: `sluice.link.dropped.frames` is `sluice_link_dropped_frames_total`. */
export function prometheusText(metrics: readonly GraphMetric[]): string {
  return metricsText(
    metrics.map((metric) => ({
      name: prometheusName(metric),
      help: metric.help,
      type: metric.type,
      value: metric.samples,
    })),
  );
}

function prometheusName({ name, unit, type }: GraphMetric): string {
  return `${name.replaceAll('.', '_')}${unitEnds[unit] ?? ''}${type === 'counter' ? '_total' : ''}`;
}
