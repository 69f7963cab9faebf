import type { GraphChange, GraphSample, Sample, SampleChange } from './messages.ts';

/** What stands in a sample of a graph beside its columns. */
const plain = ['status', 'epoch', 'uptimeMs', 'states', 'problems', 'faults', 'controls'] as const;

/** What of a sample is another than in the one before, of the same topology. */
export function changeOf(before: Sample, { t, revision, process, graphs }: Sample): SampleChange {
  const changes = graphs.map((after, index) => graphChange(before.graphs[index]!, after));
  return { type: 'change', t, revision, graphs: changes, process };
}

/**
 * The sample that a change makes of the one before. What is as it was is the same object in both.
 *
 * @param before The sample that was told last, or was made of the change that was
 */
export function changedSample(before: Sample, { t, revision, process, graphs }: SampleChange): Sample {
  return {
    type: 'sample',
    t,
    revision,
    process,
    graphs: before.graphs.map((one, at) => changedGraph(one, graphs[at])),
  };
}

function graphChange(before: GraphSample, after: GraphSample): GraphChange {
  const news = Object.fromEntries(plain.flatMap((key) => (same(before[key], after[key]) ? [] : [[key, after[key]]])));
  const [nodes, links] = [otherColumns(before.nodes, after.nodes), otherColumns(before.links, after.links)];
  return {
    graph: after.graph,
    ...news,
    ...(nodes && { nodes }),
    ...(links && { links }),
    ...(same(before.figures, after.figures) ? {} : { figures: after.figures ?? null }),
  };
}

function changedGraph(before: GraphSample, change: GraphChange | undefined): GraphSample {
  if (change === undefined) return before;
  const { nodes, links, figures, ...news } = change;
  const { figures: counted, ...rest } = before;
  const told = figures === undefined ? counted : (figures ?? undefined);
  return {
    ...rest,
    ...news,
    nodes: nodes === undefined ? before.nodes : { ...before.nodes, ...nodes },
    links: links === undefined ? before.links : { ...before.links, ...links },
    ...(told && { figures: told }),
  };
}

type Column = readonly (number | null)[];

function otherColumns<T extends Readonly<Record<string, Column>>>(before: T, after: T): Partial<T> | undefined {
  let other: Partial<T> | undefined;
  for (const key in after) {
    const column = after[key]!;
    if (sameColumn(before[key], column)) continue;
    other ??= {};
    other[key] = column;
  }
  return other;
}

function sameColumn(before: Column | undefined, after: Column): boolean {
  if (before?.length !== after.length) return false;
  for (let index = 0; index < after.length; index++) if (before[index] !== after[index]) return false;
  return true;
}

/** Of what is small, and mostly empty or a list of words: written out to be compared only where it is more. */
function same(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (Array.isArray(before) && Array.isArray(after))
    return before.length === after.length && before.every((one, index) => same(one, after[index]));
  return typeof before === 'object' && typeof after === 'object' && JSON.stringify(before) === JSON.stringify(after);
}
