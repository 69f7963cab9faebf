import type { Sample, Topology } from '../../protocol/messages.ts';
import { type Moment, stretchOf } from './moment.ts';
import { Recent } from './recent.ts';

/** A moment for each second, and how many of them are kept whole: five minutes. */
const EVERY_MS = 1_000;
export const KEPT_MOMENTS = 300;
/** Older ones become stretches of so many, and how many of those are kept: ten minutes more. */
export const STRETCH_MOMENTS = 5;
export const KEPT_STRETCHES = 120;
/** Timers come early at times: a moment that is due so soon is taken now, in milliseconds. */
const EARLY_MS = 50;
/** Of how long before a moment its rates and shares are made, in milliseconds. */
const RECENT_MS = 10_500;

/** A second that may not be over. */
interface OpenMoment extends Moment {
  readonly samples: Sample[];
  lagMs: number;
}

/** The last fifteen minutes, the last five of them by the second, or all of a session. What is older is forgotten. */
export class Past {
  readonly #kept: number;
  /** Stretches first. */
  readonly #moments: Moment[] = [];
  #stretches = 0;
  #last: OpenMoment | undefined;

  /** @param kept how many moments are kept whole */
  constructor(kept = KEPT_MOMENTS) {
    this.#kept = kept;
  }

  get moments(): readonly Moment[] {
    return this.#moments;
  }

  clear(): void {
    this.#moments.length = 0;
    this.#stretches = 0;
    this.#last = undefined;
  }

  push(topology: Topology, sample: Sample): void {
    const last = this.#last;
    if (last !== undefined && last.topology === topology && sample.t - last.sample.t < EVERY_MS - EARLY_MS)
      return addTo(last, sample);
    this.#last = {
      topology,
      from: sample.t,
      sample,
      samples: [sample],
      lagMs: sample.process.lagMs,
      depthMs: sample.graphs.map(({ links }) => links.depthMs.map((ms) => ms ?? 0)),
      level: sample.graphs.map(({ links }) => [...links.level]),
    };
    this.#moments.push(this.#last);
    if (this.#moments.length - this.#stretches >= this.#kept + STRETCH_MOMENTS) this.#thin();
  }

  /** The moment at a time, in milliseconds since 1970; the oldest for what is forgotten, undefined while there is none. */
  at(t: number): Moment | undefined {
    return this.#moments.findLast(({ from }) => from <= t) ?? this.#moments[0];
  }

  /** What rates and shares were at a moment: those of the ten seconds before it, or of the moment before where that is longer ago. */
  recentAt(moment: Moment): Recent {
    const recent = new Recent();
    const index = this.#moments.indexOf(moment);
    const since = moment.sample.t - RECENT_MS;
    for (const [at, { topology, sample }] of this.#moments.slice(0, index + 1).entries())
      if (topology === moment.topology && (sample.t >= since || at === index - 1)) recent.push(sample);
    return recent;
  }

  /** Makes one of the oldest that are whole, as far as they have one topology. */
  #thin(): void {
    const oldest = this.#moments.slice(this.#stretches, this.#stretches + STRETCH_MOMENTS);
    const other = oldest.findIndex(({ topology }) => topology !== oldest[0]!.topology);
    const joined = other < 0 ? oldest : oldest.slice(0, other);
    const stretch = stretchOf(joined, this.#moments[this.#stretches - 1]);
    this.#moments.splice(this.#stretches, joined.length, stretch);
    if (this.#stretches < KEPT_STRETCHES) this.#stretches++;
    else this.#moments.shift();
  }
}

function addTo(moment: OpenMoment, sample: Sample): void {
  const { graphs, process } = sample;
  moment.samples.push(sample);
  moment.lagMs = Math.max(moment.lagMs, process.lagMs);
  for (const [graph, { links }] of graphs.entries()) {
    const [depthMs, level] = [moment.depthMs[graph]!, moment.level[graph]!];
    for (const [index, ms] of links.depthMs.entries()) depthMs[index] = Math.max(depthMs[index]!, ms ?? 0);
    for (const [index, db] of links.level.entries()) if (db !== null) level[index] = Math.max(level[index] ?? db, db);
  }
}
