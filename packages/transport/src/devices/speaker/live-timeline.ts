import { type Clock, type Gap, samplesToMicros } from '@sluice/core';

/** An absence that is shorter is no gap: it is the grain of what is measured, in milliseconds. */
const SHORTEST_GAP_MS = 20;

/**
 * Where the pieces of a live stream belong: one after the other by samples, and after an absence where the clock says.
 * A piece that is merely late leaves no gap, because what was said meanwhile is still to come. Every place is counted from
 * one origin, so that no number of absences drifts.
 */
export class LiveTimeline {
  readonly #clock: Clock;
  readonly #sampleRate: number;
  /** Clock time of sample 0. */
  #origin: number | undefined;
  #position = 0;
  #absent = false;
  #gaps = 0;

  constructor(clock: Clock, sampleRate: number) {
    this.#clock = clock;
    this.#sampleRate = sampleRate;
  }

  /** How far the clock is ahead of what was placed, in milliseconds, if `length` samples per channel end now. */
  lateMs(length: number): number {
    if (this.#origin === undefined) return 0;
    return this.#clock.now() - this.#origin - ((this.#position + length) * 1000) / this.#sampleRate;
  }

  /** Says that nothing comes for now: the next piece may stand behind a gap. */
  absent(): void {
    this.#absent = this.#origin !== undefined;
  }

  /** Places a piece of `length` samples per channel that ends now. */
  place(length: number): { readonly timestamp: ReturnType<typeof samplesToMicros>; readonly gap: Gap | undefined } {
    this.#origin ??= this.#clock.now() - (length * 1000) / this.#sampleRate;
    const late = this.lateMs(length);
    // The first piece may have been late itself; one that is less so tells the origin better.
    if (late < 0 && this.#gaps === 0) this.#origin += late;
    const end = this.#position;
    if (this.#absent && late > SHORTEST_GAP_MS) {
      this.#gaps++;
      this.#position += Math.round((late * this.#sampleRate) / 1000);
    }
    this.#absent = false;
    const timestamp = samplesToMicros(this.#position, this.#sampleRate);
    const missing = timestamp - samplesToMicros(end, this.#sampleRate);
    this.#position += length;
    return {
      timestamp,
      gap: missing > 0 ? { duration: missing as Gap['duration'], reason: 'disconnected' } : undefined,
    };
  }
}
