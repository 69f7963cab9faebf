import type { Actor, ActorLink, ActorOutput } from './actors/actor.ts';
import { SinkActor } from './actors/sink-actor.ts';

/**
 * Actors in an order in which every receiver stands before its senders; inside a cycle the order is that of adding. Until the
 * start ports do not know their links: `linksOf` does.
 */
export function sinksFirst(
  actors: readonly Actor[],
  linksOf: (port: ActorOutput) => readonly ActorLink[] = ({ links }) => links,
): Actor[] {
  const order: Actor[] = [];
  const seen = new Set<Actor>();
  const visit = (actor: Actor) => {
    if (seen.has(actor)) return;
    seen.add(actor);
    for (const port of actor.outputs) for (const link of linksOf(port)) visit(link.to.actor);
    order.push(actor);
  };
  for (const actor of actors) visit(actor);
  return order;
}

/** The sinks among the given actors and those that they lead to. */
export function sinksBehind(actors: readonly Actor[]): SinkActor[] {
  const seen = new Set<Actor>(actors);
  // A set may grow while it is walked.
  for (const actor of seen) for (const port of actor.outputs) for (const { to } of port.links) seen.add(to.actor);
  return [...seen].filter((actor) => actor instanceof SinkActor);
}
