import { SluiceError } from '../errors.ts';
import type { Actor } from '../runtime/actors/actor.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { NodeRef } from './flow.ts';
import { ownActor } from './refs.ts';

/** A part of a graph: a group or node by its name, or several nodes. */
export type Scope = string | readonly (NodeRef | string)[];

/** The actors that a scope names; all of them without one. */
export function actorsIn(runtime: Runtime, scope: Scope | undefined): Actor[] {
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
