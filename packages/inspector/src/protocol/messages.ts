import type { Calls } from './calls.ts';
import type { TalkNews } from './talk.ts';

/** Numbers of a node in a sample, in this order. Processing times are in microseconds. */
export const nodeColumns = [
  'framesIn',
  'framesOut',
  'staleFrames',
  'held',
  'waiting',
  'paused',
  'errors',
  'restarts',
  'p50',
  'p99',
  'max',
] as const;
/** A column of numbers of nodes. */
export type NodeColumn = (typeof nodeColumns)[number];

/** Numbers of a link in a sample. `wait` is in microseconds, `level` in dBFS: -100 for silence, null for no sound. */
export const linkColumns = [
  'frames',
  'droppedFrames',
  'droppedMs',
  'depth',
  'depthMs',
  'maxDepth',
  'full',
  'waitP50',
  'waitP99',
  'level',
] as const;
/** A column of numbers of links. */
export type LinkColumn = (typeof linkColumns)[number];

/** The first message to whoever gave the right token. */
export interface Hello {
  readonly type: 'hello';
  readonly protocol: string;
  readonly pid: number;
  /** What runs, as its command line says. */
  readonly program: string;
  readonly versions: { readonly node: string; readonly inspector: string };
  /** Whether sound, pictures and words may be asked for, and messages be sent to nodes. */
  readonly media: boolean;
  readonly control: boolean;
  /** Whether `NODE_ENV` says that people depend on it. */
  readonly production: boolean;
}

/** A node, without its numbers. */
export interface NodeTopology {
  readonly id: string;
  readonly kind: 'source' | 'operator' | 'sink' | 'node';
  readonly description: string;
  readonly groups: readonly string[];
  readonly options?: unknown;
}

/** A link, without its numbers. */
export interface LinkTopology {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly policy: string;
  /** null where it has no such bound. */
  readonly capacity: { readonly frames: number | null; readonly ms: number | null };
  readonly format?: string | undefined;
  readonly converter?: string | undefined;
}

/** Nodes and links of a graph, told again whenever they change. */
export interface GraphTopology {
  /** What messages call it: names may be the same. */
  readonly graph: number;
  readonly name: string;
  readonly nodes: readonly NodeTopology[];
  readonly links: readonly LinkTopology[];
}

/** All graphs; comes again with another revision when any of them changes. */
export interface Topology {
  readonly type: 'topology';
  readonly revision: number;
  readonly graphs: readonly GraphTopology[];
}

/** What is wrong, as `inspect()` says it, taken apart for showing. */
export interface Problem {
  readonly text: string;
  /** What to do, where the sentence says it. */
  readonly fix?: string | undefined;
  /** The node that it is about. */
  readonly node?: string | undefined;
  /** The row of docs/errors.md. */
  readonly code?: string | undefined;
}

/** A fault that a node told last. */
export interface NodeFault {
  readonly node: string;
  readonly message: string;
  readonly code?: string | undefined;
}

/** The numbers of a graph at one moment, in columns. */
export interface GraphSample {
  readonly graph: number;
  readonly status: string;
  readonly epoch: number;
  readonly uptimeMs: number;
  /** By node, in the order of the topology; so are the columns. */
  readonly states: readonly string[];
  readonly nodes: Readonly<Record<NodeColumn, readonly number[]>>;
  readonly links: Readonly<Record<LinkColumn, readonly (number | null)[]>>;
  readonly problems: readonly Problem[];
  readonly faults: readonly NodeFault[];
  readonly figures?: Readonly<Record<string, object>> | undefined;
}

/** What the process does meanwhile. */
export interface Vitals {
  /** How late the sample came: the event loop was busy, in milliseconds. */
  readonly lagMs: number;
  readonly rssMb: number;
  /** Share of one core since the last sample: 1 is a whole one. */
  readonly cpu: number;
}

/** Five times a second: everything that moves. */
export interface Sample {
  readonly type: 'sample';
  /** Milliseconds since 1970. */
  readonly t: number;
  /** Of the topology whose order it has. */
  readonly revision: number;
  readonly graphs: readonly GraphSample[];
  readonly process: Vitals;
}

/** Something that happened once. */
export interface InspectEvent {
  readonly type: 'event';
  readonly t: number;
  readonly graph: number;
  readonly kind: 'status' | 'state' | 'error' | 'interrupt' | 'drops';
  readonly node?: string | undefined;
  readonly link?: string | undefined;
  readonly text: string;
  readonly code?: string | undefined;
}

/** A link that a followed frame came to. */
export interface FollowedHop {
  readonly link: string;
  /** Since it passed the link from which it was followed, in milliseconds: what was waited for is in it. */
  readonly afterMs: number;
}

/** The answer to a request with an id. */
export type Answer =
  | { readonly type: 'done'; readonly id: number }
  | { readonly type: 'followed'; readonly id: number; readonly hops: readonly FollowedHop[] }
  | { readonly type: 'refused'; readonly id?: number | undefined; readonly code: string; readonly message: string };

/** What the inspector sends as text. Sound and pictures come as binary packets. */
export type InspectMessage = Hello | Topology | Sample | Calls | TalkNews | InspectEvent | Answer;
