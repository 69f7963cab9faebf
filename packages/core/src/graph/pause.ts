import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange, SluiceError } from '../errors.ts';
import type { Actor } from '../runtime/actors/actor.ts';
import { SinkActor } from '../runtime/actors/sink-actor.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { sinksBehind } from '../runtime/topology.ts';
import { type Millis, microsToMillis } from '../time/units.ts';
import { actorsIn, type Scope } from './actors-in.ts';

/** What {@link Graph.resume} sets going again. */
export interface ResumeOptions {
  /** What goes on, as for `pause`. Default: everything that is paused. */
  readonly scope?: Scope;
}

/** What {@link Graph.pause} stops, and how. */
export interface PauseOptions {
  /**
   * What stands still: the sinks in it, and nodes without an output. Where there are none, the sinks that play to which it
   * leads. Default: the whole graph.
   */
  readonly scope?: Scope;
  /** Length of the fade where sound is cut, and of the one with which it goes on. 0 to 1,000 ms, default 5. */
  readonly fadeMs?: number;
  /** How long it is meant to last: longer is a problem that `inspect()` names. Milliseconds, default 30,000. */
  readonly maxMs?: number;
}

/** A sink that stands still. */
export interface PausedSink {
  /** The sink's id. */
  readonly node: string;
  /** Media that has left it since the start or the last interruption, as an interruption would report it now. */
  readonly heardMs: Millis;
}

/** What stands still. Milliseconds of media, counted in samples. */
export interface PauseReport {
  /** The most of the sinks that know what left them; where none does, the most that a sink was given. */
  readonly heardMs: Millis;
  /** Each sink that stands still, with what has left it. Nodes without an output are not among them. */
  readonly sinks: readonly PausedSink[];
}

/** Lets what the options name stand still. Resolves when nothing of it is heard any more. */
export async function pauseGraph(runtime: Runtime, options: PauseOptions): Promise<PauseReport> {
  checkKeys<PauseOptions>('pause', options, { scope: true, fadeMs: true, maxMs: true });
  const { scope, fadeMs = 5, maxMs = 30_000 } = options;
  checkMs('fadeMs', fadeMs, 1_000);
  checkMs('maxMs', maxMs, Number.POSITIVE_INFINITY);
  const ends = endsIn(runtime, scope).filter((actor) => !actor.over);
  await runtime.pauses.begin(ends, fadeMs, maxMs);
  const sinks = ends.filter((actor) => actor instanceof SinkActor);
  const heard = new Map(sinks.map((sink) => [sink, microsToMillis(sink.leftSinceCut)]));
  const telling = sinks.filter((sink) => sink.tells);
  return {
    heardMs: Math.max(0, ...(telling.length > 0 ? telling : sinks).map((sink) => heard.get(sink)!)) as Millis,
    sinks: sinks.map((sink) => ({ node: sink.id, heardMs: heard.get(sink)! })),
  };
}

/** Lets what the options name go on. */
export function resumeGraph(runtime: Runtime, options: ResumeOptions): void {
  checkKeys<ResumeOptions>('resume', options, { scope: true });
  runtime.pauses.end(endsIn(runtime, options.scope));
}

function endsIn(runtime: Runtime, scope: Scope | undefined): Actor[] {
  const inside = actorsIn(runtime, scope);
  const ends = inside.filter((actor) => actor.outputs.length === 0);
  if (ends.length > 0 || scope === undefined) return ends;
  const players = sinksBehind(inside).filter((sink) => sink.plays);
  if (players.length > 0) return players;
  throw new SluiceError('SLUICE_GRAPH_INVALID', `nothing that can stand still is in ${describeScope(scope)}`, {
    expected: 'a sink, a node without an output, or something that leads to a sink that plays',
    fix: 'Name the sink that is to fall silent',
  });
}

function describeScope(scope: Scope): string {
  if (typeof scope === 'string') return `the scope ${scope}`;
  return `the scope [${scope.map((node) => (typeof node === 'string' ? node : node.id)).join(', ')}]`;
}

function checkMs(name: string, ms: number, most: number): void {
  if (typeof ms !== 'number' || Number.isNaN(ms)) throw invalidArgument(`pause.${name}`, 'a number of ms', ms);
  if (ms < 0 || ms > most) throw outOfRange(`pause.${name}`, `0 ms to ${most} ms`, ms);
}
