import type { Micros } from '@sluice/core';
import { type ExactFrameRate, frameTime } from '../../options/exact-frame-rate.ts';

/** What becomes of a frame in a file of constant rate. */
export type Placement =
  /** It takes a slot of its own; the frame before it is shown `shown` times up to there. */
  | { readonly type: 'next'; readonly shown: number }
  /** It is nearer to the slot of the frame before it, and takes it. */
  | { readonly type: 'replace' }
  /** Its slot is taken, or it is late. */
  | { readonly type: 'drop' };

/** A step back by more than this is a new beginning, not a late frame, in microseconds. */
const RESTART = 1_000_000;
/** A hole of more than this after the end of a frame is not filled, in microseconds. */
const LARGEST_GAP = 60_000_000;
/** How far two times that are rounded once may be apart, in microseconds. */
const ROUNDING = 1;

/** Finds the slot of each frame in a constant rate from its timestamp: nothing is counted, so nothing drifts. */
export class FrameCadence {
  readonly #rate: ExactFrameRate;
  #origin: Micros;
  #slot = 0;
  /** How far the frame in the present slot is from its time, in microseconds. */
  #distance = 0;
  #jumps = 0;

  /** The frame at `origin` has the first slot. */
  constructor(rate: ExactFrameRate, origin: Micros) {
    this.#rate = rate;
    this.#origin = origin;
  }

  /** Steps in the timestamps that were closed up: back by over a second, or a hole of over a minute. */
  get jumps(): number {
    return this.#jumps;
  }

  /** @param duration of the frame in the present slot: as long as that is shown, nothing is missing */
  place(timestamp: Micros, duration = 0): Placement {
    const since = timestamp - this.#origin - frameTime(this.#slot, this.#rate);
    if (since < -RESTART || since - duration > LARGEST_GAP) return this.#jumpTo(timestamp, duration);
    const slot = Math.max(this.#slotAt(timestamp), 0);
    const distance = Math.abs(timestamp - this.#origin - frameTime(slot, this.#rate));
    const shown = slot - this.#slot;
    if (shown < 0 || (shown === 0 && distance >= this.#distance)) return { type: 'drop' };
    this.#slot = slot;
    this.#distance = distance;
    return shown === 0 ? { type: 'replace' } : { type: 'next', shown };
  }

  /**
   * How often a last frame of this duration is shown: once at least, unless its slot, the nearest one, begins only when it
   * is over. The frames before it last up to there, and it would make the stream a slot longer.
   */
  last(timestamp: Micros, duration: Micros): number {
    const begin = this.#origin + frameTime(this.#slot, this.#rate);
    const end = timestamp + duration;
    if (duration > 0 && timestamp < begin && end - begin <= ROUNDING) return 0;
    return Math.max(this.#slotAt(end as Micros) - this.#slot, 1);
  }

  #slotAt(timestamp: Micros): number {
    return Math.round(((timestamp - this.#origin) * this.#rate.numerator) / this.#rate.denominator / 1_000_000);
  }

  #jumpTo(timestamp: Micros, duration: number): Placement {
    const { numerator, denominator } = this.#rate;
    const shown = Math.max(Math.round((duration * numerator) / denominator / 1_000_000), 1);
    this.#jumps++;
    this.#slot += shown;
    this.#distance = 0;
    this.#origin = (timestamp - frameTime(this.#slot, this.#rate)) as Micros;
    return { type: 'next', shown };
  }
}
