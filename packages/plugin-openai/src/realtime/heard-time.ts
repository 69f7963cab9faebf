import { type AudioFrame, type Micros, micros } from '@sluice/core';

/** Pieces of the timeline that are known. */
const MOST_PIECES = 256;
/** What does not follow on what came before by so much begins a piece, in microseconds. */
const TOLERANCE = 1_000;

/** A service counts the milliseconds of sound that it was sent; frames have times of their own, with holes. */
export class HeardTime {
  readonly #pieces: { readonly ms: number; readonly time: number }[] = [];
  #ms = 0;
  #next = Number.NaN;

  /** A frame is sent. */
  sent({ timestamp, duration }: AudioFrame): void {
    if (!(Math.abs(timestamp - this.#next) <= TOLERANCE)) {
      this.#pieces.push({ ms: this.#ms, time: timestamp });
      if (this.#pieces.length > MOST_PIECES) this.#pieces.shift();
    }
    this.#ms += duration / 1_000;
    this.#next = timestamp + duration;
  }

  /**
   * When in the frames' time something was that the service tells of, `laterMs` after what it says. What tells no number was
   * only just: servers that speak like the service may leave it out.
   */
  timeOf(told: unknown, laterMs = 0): Micros {
    const ms = (typeof told === 'number' && Number.isFinite(told) ? told : this.#ms) + laterMs;
    const at = Math.min(Math.max(0, ms), this.#ms);
    const piece = this.#pieces.findLast((one) => one.ms <= at) ?? this.#pieces[0];
    return micros(piece === undefined ? 0 : Math.round(piece.time + (at - piece.ms) * 1_000));
  }
}
