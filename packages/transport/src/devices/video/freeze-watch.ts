import { type GlitchCounts, GlitchTotals } from '@sluice/core';
import { type LumaPicture, PictureChange } from './picture-change.ts';

/** The average is of so many intervals, and says nothing before there are so few, as in browsers. */
const MOST_INTERVALS = 30;
const FEWEST_INTERVALS = 5;
/** What lasts longer is a pause and no freeze, as in browsers: https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-pausecount */
const PAUSE_MS = 5_000;

/**
 * Freezes of one video track. A picture that comes after an interval of at least max(3 * average, average + 150 ms), over the
 * last 30 pictures, ends a freeze, which is as long as that interval:
 * https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-freezecount. A picture that shows what the one before it
 * showed ends none: of what stands still nobody can see that it stands still.
 */
export class FreezeWatch {
  readonly #totals = new GlitchTotals();
  readonly #change = new PictureChange();
  readonly #intervals = new Float64Array(MOST_INTERVALS);
  #count = 0;
  #sum = 0;
  #lastAt: number | undefined;
  #interrupted = false;

  get counts(): GlitchCounts {
    return this.#totals;
  }

  /** A picture, at a time in milliseconds of any clock. Does not keep it. */
  picture(picture: LumaPicture, now: number): void {
    const moved = this.#change.take(picture);
    const before = this.#lastAt;
    const interrupted = this.#interrupted;
    this.#lastAt = now;
    this.#interrupted = false;
    if (before === undefined) return;
    const interval = now - before;
    if (interrupted) this.#totals.gap(interval);
    if (interrupted || interval > PAUSE_MS) return this.#forget();
    if (moved && this.#isFreeze(interval)) this.#totals.gap(interval);
    else this.#totals.played(interval);
    this.#remember(interval);
  }

  /** No pictures are meant to come until the next one: muted, not wanted, paused. */
  pause(): void {
    this.#lastAt = undefined;
    this.#interrupted = false;
    this.#forget();
  }

  /** They do not come although they should: a freeze until the next one, however long that takes. */
  interrupt(): void {
    this.#interrupted = this.#lastAt !== undefined;
  }

  #isFreeze(interval: number): boolean {
    if (this.#count < FEWEST_INTERVALS) return false;
    const average = this.#sum / Math.min(this.#count, MOST_INTERVALS);
    return interval >= Math.max(3 * average, average + 150);
  }

  #remember(interval: number): void {
    const index = this.#count++ % MOST_INTERVALS;
    if (this.#count > MOST_INTERVALS) this.#sum -= this.#intervals[index]!;
    this.#intervals[index] = interval;
    this.#sum += interval;
  }

  #forget(): void {
    this.#count = 0;
    this.#sum = 0;
  }
}
