import { describeConstraint, type MediaConstraint } from '../media/media-format.ts';
import type { NodeActor } from '../runtime/actors/node-actor.ts';
import type { PortSnapshot } from './snapshot.ts';

/**
 * The ports of a node made with `defineNode`: its inputs, those that were added by name too, then its outputs. `linked`
 * are those of a graph that links lead to or from, also before it runs.
 */
export function portsOf({ inputs, outputs, blueprint }: NodeActor, linked: ReadonlySet<unknown>): PortSnapshot[] {
  const portOf = (direction: 'in' | 'out', port: { readonly name: string }, constraint?: MediaConstraint) => ({
    name: port.name,
    direction,
    format: describeConstraint(constraint),
    linked: linked.has(port),
  });
  return [
    ...inputs.map((port) => portOf('in', port, port.constraint)),
    ...outputs.map((port) => portOf('out', port, blueprint.outputs[port.name]?.constraint)),
  ];
}
