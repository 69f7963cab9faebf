import type { Sample, Topology } from '../../protocol/messages.ts';

/** A second of the past: its samples, of which the first stands for it, and what was most meanwhile. Or a stretch of several. */
export interface Moment {
  readonly topology: Topology;
  /** When it begins, in milliseconds since 1970. */
  readonly from: number;
  readonly sample: Sample;
  readonly samples: readonly Sample[];
  /** The latest that a sample came, in milliseconds. */
  readonly lagMs: number;
  /** By graph and link, in the order of the topology: the longest queue in milliseconds, the loudest peak in dBFS. */
  readonly depthMs: readonly number[][];
  readonly level: readonly (number | null)[][];
  /** Of a stretch, by graph: what its figures were at least and at most, of all links together and then of each. */
  readonly ranges?: readonly Float32Array[];
}

/** What is drawn of a moment, in this order. */
export const figureNames = ['Queued', 'Latency', 'Dropped', 'Level', 'Late', 'CPU', 'Memory', 'GC'] as const;
const COUNT = figureNames.length;

/** The least and the most of each figure; null for what there was none of. */
export interface FigureRange {
  readonly least: readonly (number | null)[];
  readonly most: readonly (number | null)[];
}

/** Where a graph, or one of its links, stands in a moment. */
export interface Place {
  readonly graph: number;
  /** -1 for all links together. */
  readonly link: number;
}

/** Undefined if it was not there. */
export function placeIn({ topology, sample }: Moment, graph: number, link: string | undefined): Place | undefined {
  const at = sample.graphs.findIndex((one) => one.graph === graph);
  if (at < 0) return undefined;
  if (link === undefined) return { graph: at, link: -1 };
  const index = topology.graphs.find((one) => one.graph === graph)?.links.findIndex(({ id }) => id === link) ?? -1;
  return index < 0 ? undefined : { graph: at, link: index };
}

/** @param before the moment before it, from which drops are counted */
export function rangeOf(moment: Moment, before: Moment | undefined, place: Place): FigureRange {
  const { ranges } = moment;
  if (ranges === undefined) {
    const figures = figuresOf(moment, before, place);
    return { least: figures, most: figures };
  }
  const at = 2 * COUNT * (place.link + 1);
  const row = [...ranges[place.graph]!.subarray(at, at + 2 * COUNT)].map((one) => (Number.isNaN(one) ? null : one));
  return { least: row.slice(0, COUNT), most: row.slice(COUNT) };
}

/** Several moments of one topology as one: as it was at their end, with what their figures were at least and at most. */
export function stretchOf(moments: readonly Moment[], before: Moment | undefined): Moment {
  const [first, last] = [moments[0]!, moments.at(-1)!];
  const ranges = first.sample.graphs.map(({ links }, graph) => {
    const kept = new Float32Array(2 * COUNT * (links.depthMs.length + 1)).fill(Number.NaN);
    for (let link = -1; link < links.depthMs.length; link++)
      for (const [index, moment] of moments.entries())
        widen(kept, 2 * COUNT * (link + 1), figuresOf(moment, moments[index - 1] ?? before, { graph, link }));
    return kept;
  });
  return { ...last, from: first.from, samples: [last.sample], ranges };
}

function widen(kept: Float32Array, at: number, figures: readonly (number | null)[]): void {
  for (const [index, figure] of figures.entries()) {
    if (figure === null) continue;
    const [least, most] = [at + index, at + COUNT + index];
    if (!(kept[least]! <= figure)) kept[least] = figure;
    if (!(kept[most]! >= figure)) kept[most] = figure;
  }
}

function figuresOf(moment: Moment, before: Moment | undefined, { graph, link }: Place): readonly (number | null)[] {
  const { sample, lagMs } = moment;
  const { cpu, rssMb, gcMs } = sample.process;
  const of = <T>(column: readonly T[]) => (link < 0 ? column : [column[link]!]);
  const lost = (from: Moment) =>
    of(from.sample.graphs[graph]!.links.droppedFrames).reduce<number>((sum, one) => sum + (one ?? 0), 0);
  const dropped = before?.topology === moment.topology ? Math.max(0, lost(moment) - lost(before)) : 0;
  const { ageP95 = [] } = sample.graphs[graph]!.links;
  return [
    Math.max(0, ...of(moment.depthMs[graph]!)),
    mostOf(of(ageP95)),
    dropped,
    mostOf(of(moment.level[graph]!)),
    lagMs,
    cpu,
    rssMb,
    gcMs ?? null,
  ];
}

/** The most of what is known. */
function mostOf(column: readonly (number | null | undefined)[]): number | null {
  const known = column.filter((one) => typeof one === 'number');
  return known.length === 0 ? null : Math.max(...known);
}
