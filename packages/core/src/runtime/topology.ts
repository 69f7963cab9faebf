import type { Actor } from './actors/actor.ts';

/** Actors in an order in which every receiver stands before its senders; inside a cycle the order is that of adding. */
export function sinksFirst(actors: readonly Actor[]): Actor[] {
  const order: Actor[] = [];
  const seen = new Set<Actor>();
  const visit = (actor: Actor) => {
    if (seen.has(actor)) return;
    seen.add(actor);
    for (const port of actor.outputs) for (const link of port.links) visit(link.to.actor);
    order.push(actor);
  };
  for (const actor of actors) visit(actor);
  return order;
}
