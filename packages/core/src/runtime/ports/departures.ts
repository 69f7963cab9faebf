import type { Frame } from '../../media/frame.ts';

/** Every how many frames one is noted: six a second of 20 ms each. */
const SAMPLE = 8;
const KEPT = 128;
/** For how long it goes on when nobody asks any more, in milliseconds. */
export const unaskedMs = 60_000;
/** Between two of which more time passed than this, beyond twice their media, nobody knows when the rest came. */
const PAUSE_MS = 50;

/**
 * When the frames of an output left it, by their media time: what tells further on how old they are. One of eight is
 * noted, the last thousand are known, and it ends by itself a minute after somebody asked last.
 */
export class Departures {
  /** What kind of frames they are. */
  kind: string | undefined;
  readonly #now: () => number;
  readonly #end: () => void;
  readonly #media = new Float64Array(KEPT);
  readonly #times = new Float64Array(KEPT);
  #noted = 0;
  #skip = 0;
  #askedAt: number;

  constructor(now: () => number, end: () => void) {
    this.#now = now;
    this.#end = end;
    this.#askedAt = now();
  }

  /** Somebody asks: it goes on. */
  keep(): void {
    this.#askedAt = this.#now();
  }

  see(frame: Frame): void {
    if (this.#skip-- > 0) return;
    this.#skip = SAMPLE - 1;
    const now = this.#now();
    if (now - this.#askedAt > unaskedMs) return this.#end();
    // A source that began anew counts from its beginning.
    if (this.#noted > 0 && !(frame.timestamp > this.#media[(this.#noted - 1) % KEPT]!)) this.#noted = 0;
    this.kind = frame.kind;
    const at = this.#noted++ % KEPT;
    this.#media[at] = frame.timestamp;
    this.#times[at] = now;
  }

  /** When media of this time left, in milliseconds; `later` as long as none behind it did, undefined if nobody knows. */
  timeOf(media: number): number | 'later' | undefined {
    const oldest = Math.max(0, this.#noted - KEPT);
    for (let i = this.#noted - 1; i >= oldest; i--) {
      const from = this.#media[i % KEPT]!;
      if (media < from) continue;
      if (media === from) return this.#times[i % KEPT]!;
      if (i === this.#noted - 1) return 'later';
      const passed = this.#times[(i + 1) % KEPT]! - this.#times[i % KEPT]!;
      const length = this.#media[(i + 1) % KEPT]! - from;
      if (passed > (2 * length) / 1_000 + PAUSE_MS) return undefined;
      return this.#times[i % KEPT]! + (passed * (media - from)) / length;
    }
    return this.#noted === 0 ? 'later' : undefined;
  }
}
