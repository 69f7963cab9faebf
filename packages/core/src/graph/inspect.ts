import { describeFormat } from '../media/media-format.ts';
import type { OverflowPolicy } from '../node/link-options.ts';
import type { Actor, ActorState } from '../runtime/actors/actor.ts';
import type { Link } from '../runtime/links/link.ts';
import type { GraphStatus, Runtime } from '../runtime/runtime.ts';
import { listProblems } from './problems.ts';

export interface NodeSnapshot {
  readonly id: string;
  readonly kind: Actor['kind'];
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
  /** True while a full link behind it makes it wait. */
  readonly waiting: boolean;
  readonly errors: number;
  readonly restarts: number;
  readonly lastError: string | undefined;
  /** What is doubtful about how it was made. */
  readonly warnings: readonly string[];
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

export interface GraphSnapshot {
  readonly name: string;
  readonly status: GraphStatus;
  readonly epoch: number;
  readonly uptimeMs: number;
  readonly nodes: readonly NodeSnapshot[];
  readonly links: readonly LinkSnapshot[];
  /** One sentence each, with culprit and fix. */
  readonly problems: readonly string[];
}

/** A picture of a runtime: plain data, safe to send or store. */
export function inspectRuntime(runtime: Runtime): GraphSnapshot {
  const nodes = [...runtime.actors.values()].map(inspectNode);
  const links = [...runtime.links.values()].map(inspectLink);
  return {
    name: runtime.name,
    status: runtime.status,
    epoch: runtime.epoch,
    uptimeMs: runtime.status === 'idle' ? 0 : runtime.clock.now() - runtime.startedAt,
    nodes,
    links,
    problems: [...listProblems(nodes, links), ...runtime.stalls.problems],
  };
}

function inspectNode(actor: Actor): NodeSnapshot {
  const { processing } = actor;
  return {
    id: actor.id,
    kind: actor.kind,
    description: actor.describe(),
    groups: actor.groups,
    state: actor.state,
    framesIn: actor.framesIn,
    framesOut: actor.framesOut,
    staleFrames: actor.staleFrames,
    held: actor.held + actor.unsent,
    waiting: actor.blocked,
    errors: actor.errors,
    restarts: actor.restarts,
    lastError: actor.lastError?.message,
    warnings: actor.doubts,
    processing: {
      count: processing.count,
      p50: processing.percentile(0.5) / 1_000,
      p99: processing.percentile(0.99) / 1_000,
      max: processing.max / 1_000,
      slowest: actor.slowest / 1_000,
    },
  };
}

function inspectLink(link: Link): LinkSnapshot {
  const { wait, options } = link;
  return {
    id: link.id,
    from: link.from.actor.id,
    to: link.to.actor.id,
    port: link.to.name,
    policy: options.policy,
    capacity: { frames: options.frames, ms: options.micros / 1_000 },
    format: link.format && describeFormat(link.format),
    converter: link.converter?.name,
    frames: link.frames,
    droppedFrames: link.droppedFrames,
    droppedMs: link.droppedMicros / 1_000,
    depth: link.depth,
    depthMs: link.depthMicros / 1_000,
    maxDepth: link.maxDepth,
    full: link.full,
    wait: { count: wait.count, p50: wait.percentile(0.5), p99: wait.percentile(0.99), max: wait.max },
  };
}
