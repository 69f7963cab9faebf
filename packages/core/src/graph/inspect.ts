import { toError } from '../errors.ts';
import { glitchRates } from '../media/glitches.ts';
import { describeFormat } from '../media/media-format.ts';
import type { Actor, ActorLink } from '../runtime/actors/actor.ts';
import { NodeActor } from '../runtime/actors/node-actor.ts';
import { doubtsOf } from '../runtime/doubt-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { controlsOf } from './controls-of.ts';
import { agesOn } from './frame-ages.ts';
import { portsOf } from './ports-of.ts';
import { sentenceOf } from './problems/diagnostic.ts';
import { faultLine } from './problems/fault-line.ts';
import { findProblems } from './problems/find-problems.ts';
import type { GraphSnapshot, LinkSnapshot, NodeSnapshot } from './snapshot.ts';

/** A picture of a runtime: plain data, safe to send or store. */
export function inspectRuntime(runtime: Runtime): GraphSnapshot {
  const seen = runtime.wiring.seen();
  const linked = new Set(seen.links.flatMap(({ from, to }) => [from, to]));
  const nodes = seen.actors.map((actor) => inspectNode(runtime, actor, linked));
  const links = seen.links.map((link) => inspectLink(runtime, link));
  const diagnostics = findProblems(runtime, seen, { nodes, links });
  return {
    name: runtime.name,
    status: runtime.status,
    epoch: runtime.epoch,
    uptimeMs: runtime.status === 'idle' ? 0 : runtime.clock.now() - runtime.lifetime.startedAt,
    nodes,
    links,
    ...figuresOf(runtime),
    problems: diagnostics.filter(({ past }) => !past).map(sentenceOf),
    diagnostics,
  };
}

/** Who fails to tell of itself says why: looking never throws. */
function figuresOf({ figures }: Runtime): Pick<GraphSnapshot, 'figures'> {
  if (figures.size === 0) return {};
  const tell = (read: () => object) => {
    try {
      return read();
    } catch (error) {
      return { error: toError(error).message };
    }
  };
  return { figures: Object.fromEntries([...figures].map(([name, read]) => [name, tell(read)])) };
}

function inspectNode(runtime: Runtime, actor: Actor, linked: ReadonlySet<unknown>): NodeSnapshot {
  const { histogram, slowest, slow, total } = actor.processing;
  const { glitches } = actor;
  const snapshot: NodeSnapshot = {
    id: actor.id,
    kind: actor.kind,
    description: actor.describe(),
    groups: actor.groups,
    state: actor.state,
    thread: actor.threaded ? 'worker' : 'main',
    framesIn: actor.framesIn,
    framesOut: actor.framesOut,
    staleFrames: actor.staleFrames,
    invalidSamples: actor.invalidSamples,
    live: actor.isPaced(),
    held: actor.held + actor.unsent,
    waiting: actor.blocked,
    paused: runtime.pauses.has(actor),
    errors: actor.errors,
    restarts: actor.restarts,
    lastError: actor.lastError?.message,
    lastErrorCode: codeOf(actor.lastError),
    ...lineOf(actor.lastError),
    warnings: doubtsOf(actor),
    ...(glitches === undefined ? {} : { glitches: glitchRates(glitches) }),
    ...controlsOf(actor, runtime.lifetime.startedAt),
    processing: {
      count: histogram.count,
      p50: histogram.percentile(0.5) / 1_000,
      p99: histogram.percentile(0.99) / 1_000,
      max: histogram.max / 1_000,
      slowest: slowest / 1_000,
      slow,
      total: total / 1_000,
    },
  };
  if (!(actor instanceof NodeActor)) return snapshot;
  const { blueprint } = actor;
  return Object.defineProperty(
    { ...snapshot, ports: portsOf(actor, linked), options: blueprint.options },
    'optionsSchema',
    {
      get: () => blueprint.optionsSchema,
    },
  );
}

function codeOf(error: (Error & { readonly code?: unknown }) | undefined): string | undefined {
  return typeof error?.code === 'string' ? error.code : undefined;
}

function lineOf(error: Error | undefined): Pick<NodeSnapshot, 'lastErrorAt'> {
  const line = error && faultLine(error);
  return line === undefined ? {} : { lastErrorAt: line };
}

function inspectLink({ clock }: Runtime, link: ActorLink): LinkSnapshot {
  const { wait, options } = link;
  const ageMs = agesOn(link);
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
    depthBytes: link.depthBytes,
    maxDepth: link.maxDepth,
    full: link.full,
    fullForMs: link.fullSince === undefined || link.ending ? 0 : clock.now() - link.fullSince,
    wait: { count: wait.count, p50: wait.percentile(0.5), p99: wait.percentile(0.99), max: wait.max },
    ...(ageMs === undefined ? {} : { ageMs }),
  };
}
