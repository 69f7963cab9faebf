import type { Glitches } from '../media/glitches.ts';
import type { JsonSchema } from '../node/schema-keys.ts';
import type { OverflowPolicy } from '../operators/overflow-policy.ts';
import type { ActorState } from '../runtime/contract.ts';
import type { GraphStatus } from '../runtime/lifetime.ts';
import type { FrameAges } from '../runtime/links/arrivals.ts';
import type { Diagnostic } from './problems/diagnostic.ts';

/** What a node was doing when a graph was inspected. */
export interface NodeSnapshot {
  /** Unique in its graph; the name that links and messages use. */
  readonly id: string;
  /** Where it stands: at a beginning, in between, at an end, or made with `defineNode`. */
  readonly kind: 'source' | 'operator' | 'sink' | 'node';
  /** What it is made of: `resample | pace`. */
  readonly description: string;
  /** Groups of nodes that it is part of, the outermost first. */
  readonly groups: readonly string[];
  /** Where it works: `worker` if any part of it is done by `inWorker`, which then holds up nobody. */
  readonly thread: 'main' | 'worker';
  /** What it does just now. */
  readonly state: ActorState;
  /** Frames that it received since the start. */
  readonly framesIn: number;
  /** Frames that it emitted since the start. */
  readonly framesOut: number;
  /** Frames thrown away because an interruption had made them void. */
  readonly staleFrames: number;
  /** Samples that came to it as NaN or infinite, and became silence. */
  readonly invalidSamples: number;
  /** Whether what it gives comes in the time of a source that cannot wait: it suffers when it has to. */
  readonly live: boolean;
  /** Frames kept for later by its operators, and those that no link behind it has room for. */
  readonly held: number;
  /** True while a full link behind it makes it wait, or while it is paused. */
  readonly waiting: boolean;
  /** True from `pause()` to `resume()`. */
  readonly paused: boolean;
  /** How often it threw or failed. */
  readonly errors: number;
  /** How often it was started anew, as its supervision says. */
  readonly restarts: number;
  /** Message of the last error; undefined if there was none. */
  readonly lastError: string | undefined;
  /** Its code, where it has one: a row of docs/errors.md. */
  readonly lastErrorCode: string | undefined;
  /** Where it was thrown in code that is not of a library: `src/bot.ts:42`. Absent where its stack has no such line. */
  readonly lastErrorAt?: string;
  /** What is doubtful about how it was made. */
  readonly warnings: readonly string[];
  /**
   * Of an end that plays, hears or sees in real time: what was wrong since it was opened. Absent for all others,
   * and for a device that does not count.
   */
  readonly glitches?: Glitches;
  /** Control messages that it declares, and others that it took; absent where there are none. */
  readonly controls?: readonly ControlSnapshot[];
  /** Of a node made with `defineNode`: its inputs, then its outputs, linked or not. Absent for all others. */
  readonly ports?: readonly PortSnapshot[];
  /** Of a node made with `defineNode`: the options it was given, as plain data; secrets are hidden. */
  readonly options?: unknown;
  /**
   * The JSON Schema of these options, where their schema tells one. Asked for when it is read, and no part of what is
   * stored or sent with the snapshot: it never changes.
   */
  readonly optionsSchema?: JsonSchema | undefined;
  /**
   * Processing time per frame in microseconds, without the nodes behind it; sampled. `slowest` leaves the first hundred
   * frames out, with which code is compiled, and `slow` counts those behind them that took more than 5 ms. Problems speak
   * of both: of a frame above 50 ms at once, of slow ones once they are one of a hundred, since a collection of garbage
   * or another process may hold any node once. `total` is the time for all frames so far: each
   * of the sample stands for those since the one before, so that it is exact where all are timed (`timeFrames`).
   */
  readonly processing: {
    readonly count: number;
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
    readonly slowest: number;
    readonly slow: number;
    readonly total: number;
  };
}

/** A control message of a node. */
export interface ControlSnapshot {
  /** Which message it is: `set-gain`. */
  readonly type: string;
  /** What it does; absent where the node does not declare it. */
  readonly description?: string;
  /** JSON Schema of what goes with it; absent where that is nothing, or is not declared. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** How often the node took it. */
  readonly count: number;
  /** When it took it last: milliseconds since the start of the graph, on its clock. */
  readonly lastMs?: number;
}

/** A port of a node made with `defineNode`. */
export interface PortSnapshot {
  /** As the node declares it, or as it was added by `input(name)`; unique among those of its direction. */
  readonly name: string;
  /** Whether frames enter by it or leave by it. */
  readonly direction: 'in' | 'out';
  /** What it takes or gives, in words: `audio 16000|48000 Hz, 1 channel(s)`, or `any`. */
  readonly format: string;
  /** Whether a link leads to it or from it. What is emitted into one that is not linked is dropped. */
  readonly linked: boolean;
}

/** What a link was doing when a graph was inspected. */
export interface LinkSnapshot {
  /** Unique in its graph. */
  readonly id: string;
  /** Id of the node that sends. */
  readonly from: string;
  /** Id of the node that receives. */
  readonly to: string;
  /** Name of the port that receives. */
  readonly port: string;
  /** What happens to a frame when it is full. */
  readonly policy: OverflowPolicy;
  /** Infinity where it is counted in the other unit. */
  readonly capacity: { readonly frames: number; readonly ms: number };
  /** The format that passes, in words; undefined while none is known. */
  readonly format: string | undefined;
  /** The converter that was put in: `48000 -> 16000 Hz`. */
  readonly converter: string | undefined;
  /** Frames that entered it since the start. */
  readonly frames: number;
  /** Frames that its policy dropped. */
  readonly droppedFrames: number;
  /** Media time of these, in milliseconds. */
  readonly droppedMs: number;
  /** Frames that wait in it. */
  readonly depth: number;
  /** Media time of these, in milliseconds. */
  readonly depthMs: number;
  /** Samples and pixels of these, in bytes. Other kinds of frames count as none. */
  readonly depthBytes: number;
  /** The most frames that ever waited in it. */
  readonly maxDepth: number;
  /** Whether it has no room: what happens next is its policy. */
  readonly full: boolean;
  /** How long it has not been half empty since it was full, in milliseconds: 0 where it has. */
  readonly fullForMs: number;
  /** Time frames waited, in microseconds; sampled. Frames that passed straight through are not in it. */
  readonly wait: { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };
  /**
   * How old frames were when the receiver took them, in milliseconds of the graph's clock: since the same media left its source, or
   * the last node that gave media of its own, as a synthesizer or a mixer does. Of the last half minute, sampled from the first
   * `inspect()` on until a minute after the last; absent while nothing is known. What a sink keeps before it plays is not in it.
   */
  readonly ageMs?: FrameAges;
}

/** What {@link Graph.inspect} tells: plain data of one moment, which can be sent as JSON. */
export interface GraphSnapshot {
  /** As it was made: `graph(name)`. */
  readonly name: string;
  /** How far its life is. */
  readonly status: GraphStatus;
  /** How often it was interrupted. */
  readonly epoch: number;
  /** Time since its start, in milliseconds of its clock. */
  readonly uptimeMs: number;
  /** In the order in which they were added. */
  readonly nodes: readonly NodeSnapshot[];
  /** In the order in which they were made. */
  readonly links: readonly LinkSnapshot[];
  /** What was built into it tells of itself, by the names under which it does: see `Graph.figures`. */
  readonly figures?: Readonly<Record<string, object>>;
  /**
   * One sentence each, with culprit and fix: what is wrong now or happened within the last 30 seconds. Of a graph that is
   * over, all that ever did.
   */
  readonly problems: readonly string[];
  /** The same taken apart, with their moments, and what has not happened again for longer. */
  readonly diagnostics: readonly Diagnostic[];
}
