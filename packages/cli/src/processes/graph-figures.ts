import type {
  GraphSample,
  GraphTopology,
  LinkTopology,
  NodeTopology,
  Problem,
  Sample,
  Topology,
} from '@sluice/inspector';

/** A node over the time between two looks. */
export interface NodeFigures {
  readonly id: string;
  readonly state: string;
  /** Frames in a second. */
  readonly inPerSecond: number;
  readonly outPerSecond: number;
  /** About which share of a core it takes, 0 to 1: its frames, each of the median time. */
  readonly busy: number;
  readonly p99Ms: number;
  readonly held: number;
  readonly errors: number;
}

/** A link over the time between two looks. */
export interface LinkFigures {
  readonly from: string;
  readonly to: string;
  readonly framesPerSecond: number;
  readonly depthMs: number;
  /** How old frames were when the receiver took them, nineteen of twenty at most; null while that is not known. */
  readonly ageMs: number | null;
  /** The share of its bound that is full, 0 to 1; null where it has none. */
  readonly fill: number | null;
  readonly dropped: number;
  /** Of those, in the time between. */
  readonly droppedLately: number;
  /** dBFS, -100 for silence; null for no sound. */
  readonly level: number | null;
}

/** What a graph did between two looks. */
export interface GraphFigures {
  readonly name: string;
  readonly status: string;
  readonly uptimeMs: number;
  readonly nodes: readonly NodeFigures[];
  readonly links: readonly LinkFigures[];
  /** What is wrong now, or was half a minute ago: what, what to do, who, and when. */
  readonly problems: readonly Problem[];
  /** What its parts tell of themselves, by their names: calls, devices, agents. */
  readonly figures: Readonly<Record<string, object>>;
}

/** What the graphs of a process did between two samples of the topology that is given; the first may be the same as the last. */
export function graphFigures({ graphs }: Topology, first: Sample, last: Sample): GraphFigures[] {
  const seconds = (last.t - first.t) / 1_000;
  return graphs.flatMap((topology) => {
    const now = last.graphs.find(({ graph }) => graph === topology.graph);
    if (now === undefined) return [];
    const before = first.graphs.find(({ graph }) => graph === topology.graph) ?? now;
    return [figuresOf(topology, before, now, seconds)];
  });
}

function figuresOf(topology: GraphTopology, before: GraphSample, now: GraphSample, seconds: number): GraphFigures {
  const rate = (from = 0, to = 0) => (seconds > 0 ? Math.max(0, to - from) / seconds : 0);
  return {
    name: topology.name,
    status: now.status,
    uptimeMs: now.uptimeMs,
    nodes: topology.nodes.map((node, index) => nodeFigures(node, before, now, index, rate)),
    links: topology.links.map((link, index) => linkFigures(link, before, now, index, rate)),
    problems: now.problems.filter(({ past }) => past !== true),
    figures: now.figures ?? {},
  };
}

type Rate = (from?: number, to?: number) => number;

function nodeFigures({ id }: NodeTopology, before: GraphSample, now: GraphSample, at: number, rate: Rate): NodeFigures {
  const inPerSecond = rate(before.nodes.framesIn[at], now.nodes.framesIn[at]);
  const outPerSecond = rate(before.nodes.framesOut[at], now.nodes.framesOut[at]);
  return {
    id,
    state: now.states[at] ?? '',
    inPerSecond,
    outPerSecond,
    busy: Math.min(1, (Math.max(inPerSecond, outPerSecond) * (now.nodes.p50[at] ?? 0)) / 1e6),
    p99Ms: (now.nodes.p99[at] ?? 0) / 1_000,
    held: now.nodes.held[at] ?? 0,
    errors: now.nodes.errors[at] ?? 0,
  };
}

function linkFigures(link: LinkTopology, before: GraphSample, now: GraphSample, at: number, rate: Rate): LinkFigures {
  const { from, to, capacity } = link;
  const depthMs = now.links.depthMs[at] ?? 0;
  const dropped = now.links.droppedFrames[at] ?? 0;
  const fills = [
    ...(capacity.ms === null ? [] : [depthMs / capacity.ms]),
    ...(capacity.frames === null ? [] : [(now.links.depth[at] ?? 0) / capacity.frames]),
  ];
  return {
    from,
    to,
    framesPerSecond: rate(before.links.frames[at] ?? 0, now.links.frames[at] ?? 0),
    depthMs,
    ageMs: now.links.ageP95[at] ?? null,
    fill: fills.length === 0 ? null : Math.min(1, Math.max(...fills)),
    dropped,
    droppedLately: Math.max(0, dropped - (before.links.droppedFrames[at] ?? 0)),
    level: now.links.level[at] ?? null,
  };
}
