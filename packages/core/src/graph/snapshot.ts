import type { Glitches } from '../media/glitches.ts';
import type { JsonSchema } from '../node/schema-keys.ts';
import type { OverflowPolicy } from '../operators/overflow-policy.ts';
import type { ActorState } from '../runtime/contract.ts';
import type { GraphStatus } from '../runtime/lifetime.ts';

/** What a node was doing when a graph was inspected. */
export interface NodeSnapshot {
  readonly id: string;
  readonly kind: 'source' | 'operator' | 'sink' | 'node';
  /** What it is made of: `resample | pace`. */
  readonly description: string;
  readonly groups: readonly string[];
  readonly state: ActorState;
  readonly framesIn: number;
  readonly framesOut: number;
  /** Frames thrown away because an interruption had made them void. */
  readonly staleFrames: number;
  /** Frames kept for later by its operators, and those that no link behind it has room for. */
  readonly held: number;
  /** True while a full link behind it makes it wait, or while it is paused. */
  readonly waiting: boolean;
  /** True from `pause()` to `resume()`. */
  readonly paused: boolean;
  readonly errors: number;
  readonly restarts: number;
  readonly lastError: string | undefined;
  /** Its code, where it has one: a row of docs/errors.md. */
  readonly lastErrorCode: string | undefined;
  /** What is doubtful about how it was made. */
  readonly warnings: readonly string[];
  /**
   * Of an end that plays, hears or sees in real time: what was wrong since it was opened. Absent for all others,
   * and for a device that does not count.
   */
  readonly glitches?: Glitches;
  /** Of a node made with `defineNode`: the options it was given, as plain data; secrets are hidden. */
  readonly options?: unknown;
  /**
   * The JSON Schema of these options, where their schema tells one. Asked for when it is read, and no part of what is
   * stored or sent with the snapshot: it never changes.
   */
  readonly optionsSchema?: JsonSchema | undefined;
  /**
   * Processing time per frame in microseconds, without the nodes behind it; sampled. `slowest` leaves the first hundred
   * frames out, with which code is compiled: it is what problems speak of.
   */
  readonly processing: {
    readonly count: number;
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
    readonly slowest: number;
  };
}

/** What a link was doing when a graph was inspected. */
export interface LinkSnapshot {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly policy: OverflowPolicy;
  /** Infinity where it is counted in the other unit. */
  readonly capacity: { readonly frames: number; readonly ms: number };
  readonly format: string | undefined;
  /** The converter that was put in: `48000 -> 16000 Hz`. */
  readonly converter: string | undefined;
  readonly frames: number;
  readonly droppedFrames: number;
  readonly droppedMs: number;
  readonly depth: number;
  readonly depthMs: number;
  readonly maxDepth: number;
  readonly full: boolean;
  /** Time frames waited, in microseconds; sampled. Frames that passed straight through are not in it. */
  readonly wait: { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };
}

/** What {@link Graph.inspect} tells: plain data of one moment, which can be sent as JSON. */
export interface GraphSnapshot {
  readonly name: string;
  readonly status: GraphStatus;
  readonly epoch: number;
  readonly uptimeMs: number;
  readonly nodes: readonly NodeSnapshot[];
  readonly links: readonly LinkSnapshot[];
  /** What was built into it tells of itself, by the names under which it does: see `Graph.figures`. */
  readonly figures?: Readonly<Record<string, object>>;
  /** One sentence each, with culprit and fix. */
  readonly problems: readonly string[];
}
