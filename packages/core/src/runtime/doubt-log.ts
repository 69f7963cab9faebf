import type { Actor } from './actors/actor.ts';

/** What is used of pino's interface. */
export interface WarnLogger {
  /** Writes a line of level `warn`, with what pino would merge into it. */
  warn(details: object, message: string): void;
}

const LEADS_NOWHERE = 'leads nowhere, and what it emits is dropped; end it in a sink with to(...)';

/** What is doubtful about an actor: how it was made, what its source or sink says just now, and that nothing follows it. */
export function doubtsOf({ kind, outputs, state, warnings, said }: Actor): readonly string[] {
  // A node of one's own may have outputs that this graph does not need.
  const nowhere = kind !== 'node' && outputs.length > 0 && outputs.every((port) => port.links.length === 0);
  return [...warnings, ...said, ...(nowhere && state === 'running' ? [LEADS_NOWHERE] : [])];
}

/** Tells a logger what is doubtful about a graph's nodes, each sentence once. */
export class DoubtLog {
  readonly #graph: string;
  readonly #logger: WarnLogger | undefined;
  readonly #told = new Set<string>();

  constructor(graph: string, logger: WarnLogger | undefined) {
    this.#graph = graph;
    this.#logger = logger;
  }

  tell(actors: Iterable<Actor>): void {
    if (this.#logger === undefined) return;
    for (const actor of actors)
      for (const doubt of doubtsOf(actor)) {
        const message = `\`${actor.id}\` ${doubt}`;
        if (this.#told.has(message)) continue;
        this.#told.add(message);
        this.#logger.warn({ graph: this.#graph, node: actor.id }, message);
      }
  }
}
