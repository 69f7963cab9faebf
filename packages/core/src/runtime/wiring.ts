import type { Actor, ActorInput, ActorLink } from './actors/actor.ts';
import { NodeActor } from './actors/node-actor.ts';

/** Some of the actors and links of a graph. */
export interface Part {
  readonly actors: readonly Actor[];
  readonly links: readonly ActorLink[];
}

/** The actors and links of a graph by their ids, as they come and go. */
export class Wiring {
  readonly actors = new Map<string, Actor>();
  readonly links = new Map<string, ActorLink>();
  /** Ports that lost a link in the change that is carried out. */
  readonly #emptied = new Set<ActorInput>();

  /** Gives an actor another name. */
  rename(actor: Actor, id: string): void {
    this.actors.delete(actor.id);
    actor.id = id;
    this.actors.set(id, actor);
  }

  /**
   * Takes a link out. `end`: what waits is finished and the receiver sees the end; `keep`: the receiver goes on without
   * it; `cancel`: what waits is dropped.
   */
  unlink(link: ActorLink, how: 'end' | 'keep' | 'cancel'): void {
    link.from.links = link.from.links.filter((other) => other !== link);
    if (how === 'end') return link.end();
    link.close();
    link.to.links = link.to.links.filter((other) => other !== link);
    if (how === 'cancel') return;
    this.links.delete(link.id);
    this.#emptied.add(link.to);
  }

  /** An input that was added by name goes with its last link; a declared one waits for another. */
  removeEmptied(): void {
    for (const port of this.#emptied)
      if (port.links.length === 0 && port.actor instanceof NodeActor) port.actor.byName.remove(port);
    this.#emptied.clear();
  }

  /** What is there for who looks: not what a change took out, once nothing of it is under way. */
  seen(): Part {
    const gone = ({ removed, over }: Actor) => removed && over;
    const links = [...this.links.values()].filter(
      (link) => !(isOver(link) && (gone(link.from.actor) || gone(link.to.actor))),
    );
    const senders = new Set(links.map(({ from }) => from.actor));
    return { actors: [...this.actors.values()].filter((actor) => !gone(actor) || senders.has(actor)), links };
  }

  /** What is over now. A graph that changes for days must not keep it: it is forgotten with the next change. */
  whatIsOver(): Part {
    const links = [...this.links.values()].filter(isOver);
    return { actors: [...this.actors.values()].filter((actor) => actor.over), links };
  }

  forget({ actors, links }: Part): void {
    for (const actor of actors) this.actors.delete(actor.id);
    for (const link of links) {
      const { to } = link;
      this.links.delete(link.id);
      // One is left for the end of the port to be seen by; an input by name goes once it was seen.
      if (to.links.length > 1) to.links = to.links.filter((other) => other !== link);
      else if (to.ended && to.actor instanceof NodeActor) to.actor.byName.remove(to);
    }
  }
}

function isOver(link: ActorLink): boolean {
  return link.over || link.to.actor.over;
}
