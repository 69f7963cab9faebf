import type { Calls } from './calls.ts';
import type { Fleets } from './fleets.ts';
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

/**
 * Numbers of a link in a sample. `wait` is in microseconds, `level` in dBFS: -100 for silence, null for no sound. `age` is how old frames
 * were when the receiver took them, in milliseconds: null while nothing is known, and not there in what former versions recorded.
 */
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
  'ageP50',
  'ageP95',
  'level',
] as const;
/** A column of numbers of links. */
export type LinkColumn = (typeof linkColumns)[number];

/** The first message to whoever gave the right token. */
export interface Hello {
  readonly type: 'hello';
  /** `sluice-inspect/1`. A page of another one says so and shows nothing. */
  readonly protocol: string;
  /** Of the process, for tools beside it. */
  readonly pid: number;
  /** What runs, as its command line says. */
  readonly program: string;
  /** Of Node and of the package. */
  readonly versions: { readonly node: string; readonly inspector: string };
  /** Whether sound, pictures and words may be asked for, and messages be sent to nodes. */
  readonly media: boolean;
  /** Whether control messages may be sent to nodes. */
  readonly control: boolean;
  /** Whether `NODE_ENV` says that people depend on it. */
  readonly production: boolean;
}

/** A control message that a node declares. */
export interface NodeControl {
  /** Which message it is: `set-gain`. */
  readonly type: string;
  /** What it does, in one sentence. */
  readonly description: string;
  /** JSON Schema of what goes with it; absent where that is nothing. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
}

/** A control message that a node took, whoever sent it. */
export interface TakenControl {
  /** The id of the node. */
  readonly node: string;
  /** Which message it was. */
  readonly type: string;
  /** How often it was taken. */
  readonly count: number;
  /** When it was taken last: milliseconds since the start of the graph, on its clock. */
  readonly lastMs: number;
}

/** A port that a node declares, or that was added to it by name. */
export interface NodePort {
  /** Unique among those of its direction. */
  readonly name: string;
  /** Whether frames enter by it or leave by it. */
  readonly direction: 'in' | 'out';
  /** What it takes or gives, in words: `audio 16000 Hz, 1 channel(s)`, or `any`. */
  readonly format: string;
  /** Whether a link leads to it or from it. */
  readonly linked: boolean;
}

/** A node, without its numbers. */
export interface NodeTopology {
  /** Unique in its graph. */
  readonly id: string;
  /** How it was made: by `from...`, an operator, `to...`, or `defineNode`. */
  readonly kind: 'source' | 'operator' | 'sink' | 'node';
  /** What it does, in the words of its author; may be empty. */
  readonly description: string;
  /** Names of what it is a part of, the outermost first. */
  readonly groups: readonly string[];
  /** Where it works: `worker` if any part of it is done by `inWorker`. */
  readonly thread: 'main' | 'worker';
  /** Whether what it gives comes in the time of a source that cannot wait: it suffers when it has to. */
  readonly live: boolean;
  /** What it was made with; absent where it does not tell. */
  readonly options?: unknown;
  /** Control messages that it declares; absent where it declares none. */
  readonly controls?: readonly NodeControl[] | undefined;
  /** Its ports, inputs first; absent where it was not made with `defineNode`: such have no other than their links tell. */
  readonly ports?: readonly NodePort[] | undefined;
  /** What options are where they are not given, by their paths (`ducking.db`); absent where its schema tells none. */
  readonly defaults?: Readonly<Record<string, unknown>> | undefined;
}

/** A link, without its numbers. */
export interface LinkTopology {
  /** Names it in requests and events; stays the same while it lives. */
  readonly id: string;
  /** The node that gives. */
  readonly from: string;
  /** The node that takes. */
  readonly to: string;
  /** Of the node that takes; the only one has the name `in`. */
  readonly port: string;
  /** What happens when it is full: `block`, or which frames it drops. */
  readonly policy: string;
  /** null where it has no such bound. */
  readonly capacity: { readonly frames: number | null; readonly ms: number | null };
  /** What last came through, in words: `audio s16 16000 Hz mono`. Absent until something has, and nothing was agreed. */
  readonly format?: string | undefined;
  /** What was inserted because the formats of the two do not fit; absent where nothing was. */
  readonly converter?: string | undefined;
}

/** Nodes and links of a graph, told again whenever they change. */
export interface GraphTopology {
  /** What messages call it: names may be the same. */
  readonly graph: number;
  /** As `graph(name)` was told; not unique. */
  readonly name: string;
  /** Their order is that of all columns. */
  readonly nodes: readonly NodeTopology[];
  /** Their order is that of all columns. */
  readonly links: readonly LinkTopology[];
}

/** All graphs; comes again with another revision when any of them changes. */
export interface Topology {
  readonly type: 'topology';
  /** One higher with each change; samples say which one they belong to. */
  readonly revision: number;
  /** In the order in which they were added. */
  readonly graphs: readonly GraphTopology[];
}

/** What is wrong, as `inspect()` says it, taken apart for showing. */
export interface Problem {
  /** One sentence, for people. */
  readonly text: string;
  /** What to do, where the sentence says it. */
  readonly fix?: string | undefined;
  /** The node to look at. */
  readonly node?: string | undefined;
  /** The link that it is about. */
  readonly link?: string | undefined;
  /** The row of docs/errors.md. */
  readonly code?: string | undefined;
  /** When it happened first, or was seen first: milliseconds since the start of the graph, on its clock. */
  readonly firstMs: number;
  /** When it happened last; absent while it is so. */
  readonly lastMs?: number | undefined;
  /** Whether it has not happened again for half a minute. */
  readonly past?: boolean | undefined;
}

/** A fault that a node told last. */
export interface NodeFault {
  /** Its id. */
  readonly node: string;
  /** As it was thrown. */
  readonly message: string;
  /** Its row in docs/errors.md, where it has one. */
  readonly code?: string | undefined;
  /** Where it was thrown in code that is not of a library: `src/bot.ts:42`; absent where that is not known. */
  readonly at?: string | undefined;
}

/** The numbers of a graph at one moment, in columns. */
export interface GraphSample {
  /** As in the topology. */
  readonly graph: number;
  /** `idle`, `starting`, `running`, `draining`, `done`, `failed` or `stopped`. */
  readonly status: string;
  /** How often it was interrupted. */
  readonly epoch: number;
  /** Since its start, on its clock. */
  readonly uptimeMs: number;
  /** By node, in the order of the topology; so are the columns. */
  readonly states: readonly string[];
  /** Each column has one number for each node, in the order of the topology. */
  readonly nodes: Readonly<Record<NodeColumn, readonly number[]>>;
  /** Each column has one number for each link, in the order of the topology; null is not known, or has no bound. */
  readonly links: Readonly<Record<LinkColumn, readonly (number | null)[]>>;
  /** What `inspect()` says is wrong, and was. */
  readonly problems: readonly Problem[];
  /** The last one of each node that had one. */
  readonly faults: readonly NodeFault[];
  /** Control messages that nodes took; absent where none did. */
  readonly controls?: readonly TakenControl[] | undefined;
  /** What nodes and agents count for themselves, by their name and that of the number. */
  readonly figures?: Readonly<Record<string, object>> | undefined;
}

/** What the process does meanwhile. */
export interface Vitals {
  /** How late the sample came: the event loop was busy, in milliseconds. */
  readonly lagMs: number;
  /** Resident memory of the process. */
  readonly rssMb: number;
  /** Share of one core over the last second: 1 is a whole one. */
  readonly cpu: number;
  /** Pauses of the main thread for collection of garbage, in milliseconds a second over the last one; absent in what older versions recorded. */
  readonly gcMs?: number | undefined;
}

/** What of a graph is another than in the message before; what is missing is as it was. */
export interface GraphChange
  extends Partial<Pick<GraphSample, 'status' | 'epoch' | 'uptimeMs' | 'states' | 'problems' | 'faults' | 'controls'>> {
  /** As in the topology. */
  readonly graph: number;
  /** The columns in which a number is another, each whole. */
  readonly nodes?: Readonly<Partial<GraphSample['nodes']>>;
  /** The columns in which a number is another, each whole. */
  readonly links?: Readonly<Partial<GraphSample['links']>>;
  /** Whole; null where nobody counts any more. */
  readonly figures?: NonNullable<GraphSample['figures']> | null;
}

/**
 * In place of a sample, for who opened with `changes`: it goes on from the sample or change before it, of the same
 * topology. After what was not sent, to a page that nobody saw, a whole sample comes first.
 */
export interface SampleChange extends Pick<Sample, 't' | 'revision' | 'process'> {
  readonly type: 'change';
  /** Those of the topology, in its order. */
  readonly graphs: readonly GraphChange[];
}

/** Five times a second: everything that moves. */
export interface Sample {
  readonly type: 'sample';
  /** Milliseconds since 1970. */
  readonly t: number;
  /** Of the topology whose order it has. */
  readonly revision: number;
  /** Those of the topology, in its order. */
  readonly graphs: readonly GraphSample[];
  /** Of the whole process, whatever else runs in it. */
  readonly process: Vitals;
}

/** Something that happened once. */
export interface InspectEvent {
  readonly type: 'event';
  /** Milliseconds since 1970. */
  readonly t: number;
  /** As in the topology. */
  readonly graph: number;
  /** What it is: of the graph (`status`), a node (`state`, `error`), everything at once (`interrupt`), a link (`drops`). */
  readonly kind: 'status' | 'state' | 'error' | 'interrupt' | 'drops';
  /** The id of the node that it is about. */
  readonly node?: string | undefined;
  /** The id of the link that it is about. */
  readonly link?: string | undefined;
  /** One sentence, for people. */
  readonly text: string;
  /** Of an error: its row in docs/errors.md. */
  readonly code?: string | undefined;
}

/** A link that a followed frame came to. */
export interface FollowedHop {
  /** Its id in the topology. */
  readonly link: string;
  /** Since it passed the link from which it was followed, in milliseconds: what was waited for is in it. */
  readonly afterMs: number;
}

/** The answer to a request with an id. */
export type Answer =
  | {
      readonly type: 'done';
      /** Of the request that is done. */
      readonly id: number;
    }
  | {
      readonly type: 'followed';
      /** Of the request. */
      readonly id: number;
      /** In the order of their times. */
      readonly hops: readonly FollowedHop[];
    }
  | {
      readonly type: 'refused';
      /** Of the request; absent where that had none that could be read. */
      readonly id?: number | undefined;
      /** Why, for programs. */
      readonly code: string;
      /** Why, for people. */
      readonly message: string;
    };

/** What the inspector sends as text. Sound and pictures come as binary packets. */
export type InspectMessage =
  | Hello
  | Topology
  | Sample
  | SampleChange
  | Calls
  | Fleets
  | TalkNews
  | InspectEvent
  | Answer;
