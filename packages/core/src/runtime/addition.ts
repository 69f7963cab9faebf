import type { Actor, ActorInput, ActorLink } from './actors/actor.ts';

/** What goes with a change: a node, which finishes what it was given or not, or a link, whose receiver sees the end or not. */
export type Removal =
  | { readonly actor: Actor; readonly drain: boolean }
  | { readonly link: ActorLink; readonly end: boolean };

/** What was added to a graph, and what is to go, since its last start or change. */
export interface Addition {
  readonly actors: Actor[];
  readonly links: ActorLink[];
  /** Inputs by name of nodes that run. */
  readonly ports: ActorInput[];
  readonly removals: Removal[];
  /** Nodes that gave their names to others of this addition. */
  readonly displaced: { readonly actor: Actor; readonly id: string }[];
}

export function emptyAddition(): Addition {
  return { actors: [], links: [], ports: [], removals: [], displaced: [] };
}
