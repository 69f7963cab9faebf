import type { Frame } from '../../media/frame.ts';
import { type Departures, unaskedMs } from '../ports/departures.ts';

/** Every how many frames one is noted: three a second of 20 ms each. */
const SAMPLE = 16;
const KEPT = 64;
/** What arrived longer ago says nothing of now, in milliseconds. */
const RECENT_MS = 30_000;
/** A node that was given media of a time before the source sent it counts by other times. */
const UNKNOWN = -1;

/** How old frames were when the receiver of a link took them, in milliseconds; of the last half minute, sampled. */
export interface FrameAges {
  /** How many it is of. */
  readonly count: number;
  /** Half of them were no older, in milliseconds. */
  readonly p50: number;
  /** Nineteen of twenty were no older, in milliseconds. */
  readonly p95: number;
  /** The oldest of them was that old, in milliseconds. */
  readonly max: number;
}

/** When frames came to the end of a link: one of sixteen, and how old it was once that is known. Ends as `Departures` do. */
export class Arrivals {
  /** What kind of frames they are. */
  kind: string | undefined;
  readonly #now: () => number;
  readonly #end: () => void;
  readonly #media = new Float64Array(KEPT);
  readonly #times = new Float64Array(KEPT);
  /** Milliseconds; NaN while it is not known yet. */
  readonly #ages = new Float64Array(KEPT);
  #noted = 0;
  #skip = 0;
  #origin: Departures | undefined;
  #askedAt: number;

  constructor(now: () => number, end: () => void) {
    this.#now = now;
    this.#end = end;
    this.#askedAt = now();
  }

  see(frame: Frame): void {
    if (this.#skip-- > 0) return;
    this.#skip = SAMPLE - 1;
    const now = this.#now();
    if (now - this.#askedAt > unaskedMs) return this.#end();
    this.kind = frame.kind;
    const at = this.#noted++ % KEPT;
    this.#media[at] = frame.timestamp;
    this.#times[at] = now;
    this.#ages[at] = Number.NaN;
  }

  /** How old they were, counted from `origin`; undefined while nobody knows. */
  agesSince(origin: Departures): FrameAges | undefined {
    if (origin !== this.#origin) this.#ages.fill(Number.NaN);
    this.#origin = origin;
    this.#askedAt = this.#now();
    const since = this.#askedAt - RECENT_MS;
    const known: number[] = [];
    for (let i = Math.min(this.#noted, KEPT) - 1; i >= 0; i--) {
      if (Number.isNaN(this.#ages[i])) this.#resolve(i, origin);
      if (this.#ages[i]! >= 0 && this.#times[i]! >= since) known.push(this.#ages[i]!);
    }
    if (known.length === 0) return undefined;
    known.sort((a, b) => a - b);
    const share = (of: number) => known[Math.ceil(of * known.length) - 1]!;
    return { count: known.length, p50: share(0.5), p95: share(0.95), max: share(1) };
  }

  #resolve(at: number, origin: Departures): void {
    const left = origin.timeOf(this.#media[at]!);
    if (left === 'later') return;
    this.#ages[at] = left === undefined || left > this.#times[at]! ? UNKNOWN : this.#times[at]! - left;
  }
}
