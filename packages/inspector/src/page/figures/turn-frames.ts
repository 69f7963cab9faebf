import type { GraphTopology, Sample } from '../../protocol/messages.ts';
import type { Moment } from './moment.ts';

/** What passed a link in a stretch of time. */
export interface LinkFrames {
  readonly link: string;
  readonly from: string;
  readonly to: string;
  readonly passed: number;
  readonly dropped: number;
  /** How old frames were at most, as far as that was known, in milliseconds. */
  readonly ageMs: number | undefined;
  /** How much of them waited at most, in milliseconds. */
  readonly queuedMs: number;
}

/**
 * The frames that passed each link of a graph between two times, as far as samples tell: those links that something passed, in
 * the order of the topology. Empty where nobody looked at that time, or the graph was another at its end than at its beginning.
 */
export function framesIn(moments: readonly Moment[], graph: number, from: number, to: number): readonly LinkFrames[] {
  const last = moments.findLast(({ sample }) => sample.t <= to);
  const topology = last?.topology;
  const looks = moments
    .filter((moment) => moment.topology === topology)
    .flatMap(({ samples }) => samples)
    .filter(({ t }) => t <= to);
  const since = Math.max(
    looks.findLastIndex(({ t }) => t <= from),
    0,
  );
  const seen = looks.slice(since);
  const shape = topology?.graphs.find((one) => one.graph === graph);
  if (shape === undefined || seen.length < 2) return [];
  return framesOf(shape, seen).filter(({ passed, dropped }) => passed > 0 || dropped > 0);
}

function framesOf({ graph, links }: GraphTopology, looks: readonly Sample[]): readonly LinkFrames[] {
  const columns = looks.flatMap(({ graphs }) => graphs.find((one) => one.graph === graph)?.links ?? []);
  const [first, last] = [columns[0], columns.at(-1)];
  return links.map(({ id, from, to }, at) => {
    const grown = (column: 'frames' | 'droppedFrames') => (last?.[column][at] ?? 0) - (first?.[column][at] ?? 0);
    const most = (values: readonly (number | null | undefined)[]) => {
      const known = values.filter((value) => typeof value === 'number');
      return known.length === 0 ? undefined : Math.max(...known);
    };
    return {
      ...{ link: id, from, to, passed: grown('frames'), dropped: grown('droppedFrames') },
      ageMs: most(columns.map(({ ageP95 = [] }) => ageP95[at])),
      queuedMs: most(columns.map(({ depthMs }) => depthMs[at])) ?? 0,
    };
  });
}
