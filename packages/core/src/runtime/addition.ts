import type { Actor } from './actors/actor.ts';
import type { Link } from './links/link.ts';
import type { InPort } from './ports/ports.ts';

/** What goes with a change: a node, which finishes what it was given or not, or a link, whose receiver sees the end or not. */
export type Removal =
  | { readonly actor: Actor; readonly drain: boolean }
  | { readonly link: Link; readonly end: boolean };

/** What was added to a graph, and what is to go, since its last start or change. */
export interface Addition {
  readonly actors: Actor[];
  readonly links: Link[];
  /** Inputs by name of nodes that run. */
  readonly ports: InPort[];
  readonly removals: Removal[];
  /** Nodes that gave their names to others of this addition. */
  readonly displaced: { readonly actor: Actor; readonly id: string }[];
}

export function emptyAddition(): Addition {
  return { actors: [], links: [], ports: [], removals: [], displaced: [] };
}
