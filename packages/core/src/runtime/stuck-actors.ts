import type { Actor, ActorLink } from './actors/actor.ts';

/** The full links that an actor waits for. */
export function linksInTheWay(actor: Actor): ActorLink[] {
  const links = actor.outputs.flatMap((port) => port.links);
  return links.filter((link) => link.full && link.options.policy === 'block');
}

/**
 * The actors that nothing will move again: each waits for one of the others, for the end of itself, or for room that only
 * itself could make. What holds a frame has work under way, a source may bring something at any time, and who refuses all
 * of its inputs waits for something that is not known here: these move, and whoever waits for one of them does.
 */
export function stuckActors(actors: readonly Actor[]): Actor[] {
  const moving = new Set<Actor>();
  let rest = [...actors].filter((actor) => !actor.over && actor.state !== 'idle');
  for (let before = -1; moving.size > before; ) {
    before = moving.size;
    rest = rest.filter((actor) => !moves(actor, moving) || !moving.add(actor));
    // Frames move on from the sources, room from the sinks: in turn, long chains take two passes.
    rest.reverse();
  }
  const stuck = new Set(rest);
  return [...actors].filter((actor) => stuck.has(actor));
}

function moves(actor: Actor, moving: ReadonlySet<Actor>): boolean {
  if (actor.state !== 'running' || actor.busy || actor.held > 0 || actor.keptAlive > 0) return true;
  if (actor.blocked) return linksInTheWay(actor).every((link) => takes(link, moving));
  if (actor.movesByItself) return true;
  if (actor.toldTheEnd) return false;
  const waiting = actor.inputs.filter((port) => port.links.length > 0 && !port.ended);
  const open = waiting.filter((port) => port.open);
  if (open.length === 0) return true;
  return open.some((port) => port.links.some((link) => link.depth > 0 || moving.has(link.from.actor)));
}

function takes({ to }: ActorLink, moving: ReadonlySet<Actor>): boolean {
  return (to.open && to.actor.hasRoom) || moving.has(to.actor);
}
