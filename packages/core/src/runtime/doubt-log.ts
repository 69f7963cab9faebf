import type { Actor } from './actors/actor.ts';

/** What is used of pino's interface. */
export interface WarnLogger {
  warn(details: object, message: string): void;
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
      for (const doubt of actor.doubts) {
        const message = `\`${actor.id}\` ${doubt}`;
        if (this.#told.has(message)) continue;
        this.#told.add(message);
        this.#logger.warn({ graph: this.#graph, node: actor.id }, message);
      }
  }
}
