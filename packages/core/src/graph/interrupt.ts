import { checkKeys } from '../check-keys.ts';
import { outOfRange, SluiceError } from '../errors.ts';
import type { Actor } from '../runtime/actors/actor.ts';
import { interruptActors } from '../runtime/interrupt-actors.ts';
import type { SinkInterruption } from '../runtime/interrupt-tally.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Millis } from '../time/units.ts';
import type { NodeRef } from './flow.ts';
import { ownActor } from './refs.ts';
export interface InterruptOptions {
  /** What is interrupted: a group or node by its name, or several nodes. Default: the whole graph. */
  readonly scope?: string | readonly (NodeRef | string)[];
  /** Length of the fade where sound is cut. Default 5 ms. */
  readonly fadeMs?: number;
}

/** What an interruption cut. In milliseconds of media, counted in samples. */
export interface InterruptReport {
  /** The epoch that began. */
  readonly epoch: number;
  /**
   * Media that was heard since the start or the last interruption: the most of the sinks that tell what left them, as
   * devices do, and of what nodes told. Where nothing tells, the most that a sink was given. Never a sum: sinks of one
   * graph mostly play the same sound.
   */
  readonly heardMs: Millis;
  /** Media that was dropped: the most on any one way through links, operators and devices. */
  readonly droppedMs: Millis;
  /**
   * One entry for each sink that the interrupted nodes are or lead to. A sink outside the scope is not cut: it plays on
   * what it has, and its `heardMs` is what it played since this scope was added or interrupted last.
   */
  readonly sinks: readonly SinkInterruption[];
}

/** Interrupts what the options name. Resolves when devices have told what was heard. */
export async function interruptGraph(runtime: Runtime, options: InterruptOptions): Promise<InterruptReport> {
  checkKeys<InterruptOptions>('interrupt', options, { scope: true, fadeMs: true });
  const { scope, fadeMs = 5 } = options;
  if (!(fadeMs >= 0)) throw outOfRange('fadeMs', '0 ms or more', fadeMs);
  const { epoch, tally } = interruptActors(runtime, actorsIn(runtime, scope), fadeMs);
  await Promise.allSettled(tally.work);
  return { epoch, ...tally.report() };
}

function actorsIn(runtime: Runtime, scope: InterruptOptions['scope']): Actor[] {
  const all = [...runtime.actors.values()];
  if (scope === undefined) return all;
  if (typeof scope !== 'string') return scope.map((node) => ownActor(runtime, node));
  const named = all.filter((actor) => actor.groups.includes(scope));
  const inside = named.length === 0 ? all.filter((actor) => actor.id === scope) : named;
  if (inside.length === 0)
    throw new SluiceError('SLUICE_GRAPH_INVALID', `there is no group or node ${scope} in graph ${runtime.name}`, {
      expected: `one of ${[...new Set(all.flatMap((actor) => [...actor.groups, actor.id]))].join(', ')}`,
    });
  return inside;
}
