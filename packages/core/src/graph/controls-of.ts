import type { Actor } from '../runtime/actors/actor.ts';
import type { ControlSnapshot, NodeSnapshot } from './snapshot.ts';

/** The control messages of a node: those that it declares, then those that it took without saying so before. */
export function controlsOf(actor: Actor, startedAt: number): Pick<NodeSnapshot, 'controls'> {
  const { controls, taken } = actor;
  if (taken.size === 0 && Object.keys(controls).length === 0) return {};
  const types = new Set([...Object.keys(controls), ...taken.types]);
  return { controls: [...types].map((type) => controlOf(actor, type, startedAt)) };
}

function controlOf({ controls, taken }: Actor, type: string, startedAt: number): ControlSnapshot {
  const last = taken.of(type);
  // A type may be any word, `constructor` too.
  const spec = Object.hasOwn(controls, type) ? controls[type] : undefined;
  return { type, ...spec, count: last?.count ?? 0, ...(last === undefined ? {} : { lastMs: last.at - startedAt }) };
}
