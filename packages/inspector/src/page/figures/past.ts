import type { Sample, Topology } from '../../protocol/messages.ts';
import { Recent } from './recent.ts';

/** A moment for each second, and how many of them are kept: five minutes. */
const EVERY_MS = 1_000;
export const KEPT_MOMENTS = 300;
/** Timers come early at times: a moment that is due so soon is taken now, in milliseconds. */
const EARLY_MS = 50;
/** Of how many moments rates and shares are made. */
const RECENT_MOMENTS = 11;

/** A second of the past: its samples, of which the first stands for it, and what was most meanwhile. */
export interface Moment {
  readonly topology: Topology;
  readonly sample: Sample;
  readonly samples: Sample[];
  /** The latest that a sample came, in milliseconds. */
  lagMs: number;
  /** By graph and link, in the order of the topology: the longest queue in milliseconds, the loudest peak in dBFS. */
  readonly depthMs: readonly number[][];
  readonly level: readonly (number | null)[][];
}

/** The last five minutes, or all of a session, a moment for each second. What is older is forgotten. */
export class Past {
  readonly #kept: number;
  readonly #moments: Moment[] = [];

  /** @param kept how many moments */
  constructor(kept = KEPT_MOMENTS) {
    this.#kept = kept;
  }

  get moments(): readonly Moment[] {
    return this.#moments;
  }

  clear(): void {
    this.#moments.length = 0;
  }

  push(topology: Topology, sample: Sample): void {
    const last = this.#moments.at(-1);
    if (last !== undefined && last.topology === topology && sample.t - last.sample.t < EVERY_MS - EARLY_MS)
      return addTo(last, sample);
    this.#moments.push({
      topology,
      sample,
      samples: [sample],
      lagMs: sample.process.lagMs,
      depthMs: sample.graphs.map(({ links }) => links.depthMs.map((ms) => ms ?? 0)),
      level: sample.graphs.map(({ links }) => [...links.level]),
    });
    if (this.#moments.length > this.#kept) this.#moments.shift();
  }

  /** The moment at a time, in milliseconds since 1970; the oldest for what is forgotten, undefined while there is none. */
  at(t: number): Moment | undefined {
    return this.#moments.findLast(({ sample }) => sample.t <= t) ?? this.#moments[0];
  }

  /** What rates and shares were at a moment: those of the ten seconds before it. */
  recentAt(moment: Moment): Recent {
    const recent = new Recent();
    const index = this.#moments.indexOf(moment);
    for (const { topology, sample } of this.#moments.slice(Math.max(0, index + 1 - RECENT_MOMENTS), index + 1))
      if (topology === moment.topology) recent.push(sample);
    return recent;
  }
}

function addTo(moment: Moment, sample: Sample): void {
  const { graphs, process } = sample;
  moment.samples.push(sample);
  moment.lagMs = Math.max(moment.lagMs, process.lagMs);
  for (const [graph, { links }] of graphs.entries()) {
    const [depthMs, level] = [moment.depthMs[graph]!, moment.level[graph]!];
    for (const [index, ms] of links.depthMs.entries()) depthMs[index] = Math.max(depthMs[index]!, ms ?? 0);
    for (const [index, db] of links.level.entries()) if (db !== null) level[index] = Math.max(level[index] ?? db, db);
  }
}
