import type { GraphSample, GraphTopology } from '../protocol/messages.ts';
import { pidOf, type Threads, type TraceEvent } from './trace-event.ts';

/** Something that lasts until it is another. */
interface Stretch {
  readonly name: string;
  readonly from: number;
  /** Numbers of nodes at its beginning. */
  readonly since: GraphSample['nodes'];
}

/** What nodes and links of a graph did from sample to sample, of one topology. */
export class GraphTracer {
  readonly #topology: GraphTopology;
  readonly #threads: Threads;
  readonly #events: TraceEvent[];
  readonly #open: (Stretch | undefined)[] = [];
  /** Numbers as they were told last, by their names: what stays is told once. */
  readonly #told = new Map<string, number>();
  #before: { readonly sample: GraphSample; readonly ts: number } | undefined;

  constructor(topology: GraphTopology, threads: Threads, events: TraceEvent[]) {
    this.#topology = topology;
    this.#threads = threads;
    this.#events = events;
  }

  take(sample: GraphSample, ts: number): void {
    const before = this.#before;
    this.#before = { sample, ts };
    if (before !== undefined)
      for (const [index] of this.#topology.nodes.entries()) {
        const name = doingOf(index, before.sample, sample);
        if (this.#open[index]?.name === name) continue;
        this.#close(index, before.sample, before.ts);
        this.#open[index] = { name, from: before.ts, since: before.sample.nodes };
      }
    for (const [index, { id }] of this.#topology.links.entries()) this.#takeLink(id, index, sample.links, ts);
  }

  /** What goes on at the end is cut there. */
  end(): void {
    const { sample, ts } = this.#before ?? {};
    if (sample === undefined || ts === undefined) return;
    for (const [index] of this.#topology.nodes.entries()) this.#close(index, sample, ts);
  }

  #close(index: number, { nodes, graph }: GraphSample, ts: number): void {
    const stretch = this.#open[index];
    if (stretch === undefined) return;
    const { name, from, since } = stretch;
    this.#events.push({
      name,
      ph: 'X',
      ts: from,
      dur: ts - from,
      pid: pidOf(graph),
      tid: this.#threads.of(graph, this.#topology.nodes[index]!.id),
      args: {
        framesIn: nodes.framesIn[index]! - since.framesIn[index]!,
        framesOut: nodes.framesOut[index]! - since.framesOut[index]!,
        'a frame, p50 in µs': nodes.p50[index],
        'a frame, p99 in µs': nodes.p99[index],
      },
    });
  }

  #takeLink(id: string, index: number, { depthMs, droppedFrames }: GraphSample['links'], ts: number): void {
    this.#count(`${id} queued ms`, depthMs[index] ?? 0, ts);
    this.#count(`${id} dropped`, droppedFrames[index] ?? 0, ts);
  }

  #count(name: string, value: number, ts: number): void {
    // A link that never held or dropped anything needs no curve.
    if (value === (this.#told.get(name) ?? 0)) return;
    this.#told.set(name, value);
    this.#events.push({ name, ph: 'C', ts, pid: pidOf(this.#topology.graph), tid: 0, args: { value } });
  }
}

/** What a node did between two samples. */
function doingOf(index: number, before: GraphSample, { states, nodes }: GraphSample): string {
  const state = states[index] ?? '';
  if (state !== 'running') return state;
  if (nodes.paused[index] === 1) return 'paused';
  if (nodes.waiting[index] === 1) return 'waits for room';
  const moved = (['framesIn', 'framesOut'] as const).some(
    (column) => nodes[column][index] !== before.nodes[column][index],
  );
  return moved ? 'works' : 'idle';
}
