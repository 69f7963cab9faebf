import { MOST_WINDOW } from './remote-link-options.ts';
import type { Credit } from './wire/receiver-notes.ts';

/** What waits of a live source is late. So many of its frames may be on their way whatever they last, and more while all of them last less. */
const LIVE_FRAMES = 64;
/** In microseconds. */
const LIVE_MEDIA = LIVE_FRAMES * 20_000;

/** What is on its way to a receiver, and how much more may be. */
export class CreditWindow {
  /** Whether frames come in the time of a source that cannot wait: then they are not let far ahead of a receiver that is slow. */
  live = false;
  readonly #sizes = new Uint32Array(MOST_WINDOW);
  readonly #durations = new Float64Array(MOST_WINDOW);
  #frames = 0;
  #bytes = 0;
  /** The oldest frame that is not taken yet, and the number of the next one. */
  first = 0;
  next = 0;
  bytesUnderWay = 0;
  /** Microseconds. */
  mediaUnderWay = 0;
  /** Microseconds of all that was sent. */
  mediaSent = 0;

  get framesUnderWay(): number {
    return this.next - this.first;
  }

  /** Whether one more frame may be sent. The last one may pass the bound of bytes, so that any frame gets through. */
  get open(): boolean {
    const underWay = this.framesUnderWay;
    if (underWay >= this.#frames || (this.bytesUnderWay >= this.#bytes && underWay > 0)) return false;
    return !this.live || underWay < LIVE_FRAMES || this.mediaUnderWay < LIVE_MEDIA;
  }

  sent(bytes: number, duration: number): void {
    const at = this.next++ % MOST_WINDOW;
    this.#sizes[at] = bytes;
    this.#durations[at] = duration;
    this.bytesUnderWay += bytes;
    this.mediaUnderWay += duration;
    this.mediaSent += duration;
  }

  /** The receiver has room. Never goes back: credits of before are older than what is known. */
  grant({ taken, frames, bytes }: Credit): void {
    this.#frames = Math.min(frames, MOST_WINDOW);
    this.#bytes = bytes;
    this.over(taken);
  }

  /** Nobody has room any more, and what is on its way comes to nobody. */
  close(): void {
    this.#frames = 0;
    this.over(this.next);
  }

  /** All frames before this number are off the way. */
  over(number: number): void {
    const until = Math.min(number, this.next);
    while (this.first < until) {
      const at = this.first++ % MOST_WINDOW;
      this.bytesUnderWay -= this.#sizes[at]!;
      this.mediaUnderWay -= this.#durations[at]!;
    }
    if (this.first === this.next) this.mediaUnderWay = 0;
  }
}
