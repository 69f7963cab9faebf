import type { Micros } from '../time/units.ts';

/** Timestamps that are off by less than this continue the media before them, in microseconds: rounding. */
const SAME_US = 1_000;

/** Media of consecutive timestamps: the place of its first sample on the line of a device, and its time. */
interface Stretch {
  readonly start: number;
  readonly timestamp: number;
}

/** Which media time a place on a device's line has. What continues the media before it takes no memory. */
export class PlayoutTimes {
  readonly #sampleRate: number;
  #stretches: Stretch[] = [];

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** Media of this timestamp begins at the sample `start`. */
  add(start: number, timestamp: Micros): void {
    const last = this.#stretches.at(-1);
    if (last === undefined || Math.abs(this.#timeIn(last, start) - timestamp) > SAME_US)
      this.#stretches.push({ start, timestamp });
  }

  /** The time of what leaves at `position`, which never goes back; undefined before the first sample has begun to leave. */
  at(position: number): Micros | undefined {
    while (this.#stretches.length > 1 && position >= this.#stretches[1]!.start) this.#stretches.shift();
    const current = this.#stretches[0];
    if (current === undefined || position <= current.start) return undefined;
    return Math.round(this.#timeIn(current, position)) as Micros;
  }

  clear(): void {
    this.#stretches = [];
  }

  #timeIn({ start, timestamp }: Stretch, position: number): number {
    return timestamp + ((position - start) * 1_000_000) / this.#sampleRate;
  }
}
