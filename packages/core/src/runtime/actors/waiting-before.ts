import type { Waiting } from '../../operators/actor-context.ts';
import type { Actor } from './actor.ts';

/** What waits on the links that lead to an actor, and in the nodes before it. */
export function waitingBefore(actor: Actor): Waiting {
  const known = new Map<Actor, number>();
  let frames = 0;

  const microsBefore = (one: Actor): number => {
    const before = known.get(one);
    if (before !== undefined) return before;
    // Links may circle.
    known.set(one, 0);
    frames += one.held;
    let most = 0;
    for (const port of one.inputs) {
      let sum = 0;
      for (const link of port.links) {
        frames += link.depth;
        sum += link.depthMicros + microsBefore(link.from.actor);
      }
      most = Math.max(most, sum);
    }
    known.set(one, most);
    return most;
  };

  return { micros: microsBefore(actor), frames };
}
