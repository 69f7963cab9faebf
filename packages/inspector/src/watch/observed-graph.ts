// What the inspector takes from graphs: snapshots, events of core's channels, levels. No socket and no page.

import type { Graph, GraphSnapshot } from '@sluice/core';
import type { GraphSample, GraphTopology, Problem } from '../protocol/messages.ts';
import { DropWatch } from './drop-watch.ts';
import { graphSample } from './graph-sample.ts';
import { graphTopology, sameTopology } from './graph-topology.ts';
import { LevelMeters } from './level-meters.ts';
import { problemsOf } from './problems-of.ts';
import { SeenFormats } from './seen-formats.ts';

/** A graph that is looked at, under the number that messages have for it. */
export class ObservedGraph {
  readonly id: number;
  readonly graph: Graph;
  readonly #meters = new LevelMeters();
  readonly #formats = new SeenFormats();
  readonly #drops = new DropWatch();
  #snapshot: GraphSnapshot;
  #metered = false;

  constructor(id: number, graph: Graph) {
    this.id = id;
    this.graph = graph;
    this.#snapshot = graph.inspect();
  }

  /** Looks again. Returns whether its topology has changed. */
  look(): boolean {
    const before = this.#snapshot;
    this.#snapshot = this.graph.inspect();
    if (sameTopology(before, this.#snapshot)) return this.#formats.takeNews();
    this.#formats.takeNews();
    this.#metered = false;
    return true;
  }

  /** As it was when it was looked at last. */
  get snapshot(): GraphSnapshot {
    return this.#snapshot;
  }

  get topology(): GraphTopology {
    return graphTopology(this.id, this.#snapshot, (link) => this.#formats.of(link));
  }

  get problems(): readonly Problem[] {
    return problemsOf(this.#snapshot);
  }

  /** Numbers since the last sample; levels are measured from the first one on, until `rest`. */
  sample(): GraphSample {
    if (!this.#metered) {
      this.#meters.follow(
        this.graph,
        this.#snapshot.links.map(({ id }) => id),
        this.#formats,
      );
      this.#metered = true;
    }
    return graphSample(this.id, this.#snapshot, (link) => this.#meters.take(link));
  }

  /** What was dropped since this was asked last. */
  drops(): ReturnType<DropWatch['look']> {
    return this.#drops.look(this.#snapshot);
  }

  /** Nobody looks any more. */
  rest(): void {
    this.#meters.close();
    this.#metered = false;
  }
}
