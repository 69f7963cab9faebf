// What is made of samples: rates, shares of time, what was lost lately; and how numbers are written.

import type { GraphSample, LinkColumn, NodeColumn, Sample } from '../../protocol/messages.ts';

/** What is called lately: ten seconds of samples. */
const KEPT = 51;

/** The samples of the last ten seconds, and what they say together. Indices are those of the topology. */
export class Recent {
  readonly #samples: Sample[] = [];
  /** By graph: at how many of them each node waited. Counted as they come and go, for it is asked of all nodes. */
  readonly #waited = new Map<number, number[]>();

  clear(): void {
    this.#samples.length = 0;
    this.#waited.clear();
  }

  push(sample: Sample): void {
    this.#samples.push(sample);
    this.#count(sample, 1);
    if (this.#samples.length > KEPT) this.#count(this.#samples.shift()!, -1);
  }

  /** By how much a count of a link grew in a second, over the last second. */
  linkRate(graph: number, column: LinkColumn, index: number): number {
    return this.#rate((sample) => graphOf(sample, graph)?.links[column][index] ?? 0);
  }

  nodeRate(graph: number, column: NodeColumn, index: number): number {
    return this.#rate((sample) => graphOf(sample, graph)?.nodes[column][index] ?? 0);
  }

  /** By how much a count of a link grew lately. */
  linkGrowth(graph: number, column: LinkColumn, index: number): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined) return 0;
    return (graphOf(last, graph)?.links[column][index] ?? 0) - (graphOf(first, graph)?.links[column][index] ?? 0);
  }

  /** The share of looks at which a node waited for room behind it, 0 to 1. */
  blockedShare(graph: number, index: number): number {
    if (this.#samples.length === 0) return 0;
    return (this.#waited.get(graph)?.[index] ?? 0) / this.#samples.length;
  }

  /** About which share of a core a node takes, 0 to 1: its frames in a second, each of the median time. */
  busyShare(graph: number, index: number): number {
    const sample = this.#samples.at(-1);
    const micros = (sample && graphOf(sample, graph)?.nodes.p50[index]) ?? 0;
    const frames = Math.max(this.nodeRate(graph, 'framesIn', index), this.nodeRate(graph, 'framesOut', index));
    return Math.min((frames * micros) / 1e6, 1);
  }

  #count({ graphs }: Sample, by: 1 | -1): void {
    for (const { graph, nodes } of graphs) {
      const counts = this.#waited.get(graph) ?? [];
      this.#waited.set(graph, counts);
      for (const [index, waits] of nodes.waiting.entries()) counts[index] = (counts[index] ?? 0) + by * waits;
    }
  }

  #rate(count: (sample: Sample) => number): number {
    const last = this.#samples.at(-1);
    const first = this.#samples.at(-6) ?? this.#samples[0];
    if (first === undefined || last === undefined || last.t <= first.t) return 0;
    return Math.max(0, (1_000 * (count(last) - count(first))) / (last.t - first.t));
  }
}

function graphOf(sample: Sample, graph: number): GraphSample | undefined {
  return sample.graphs.find((one) => one.graph === graph);
}
