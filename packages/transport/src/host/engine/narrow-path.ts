/** A path that carries less than this share of what it carried a moment ago has become narrow. */
const FALL = 0.5;
/** Only one that goes on to fall is narrow: the engine halves its estimate for a jolt as well, and then leaves it there. */
const FALL_AGAIN = 0.93;
/** What it carried is forgotten by so much with each estimate. */
const FORGET = 0.9;
/** What pictures are left of what an estimate says while it falls: it goes on falling for a second. */
const LEFT = 0.15;
/** What they are left at least, in bits per second: with sound it fits on paths that calls are for. */
const LEAST = 60_000;
/** How soon the bound may be doubled again, in milliseconds. */
const RAISE_MS = 1_000;
/** The path carries the bound: the engine rounds it, and keeps a little for itself. */
const CARRIED = 0.9;

/**
 * Bounds what pictures take of a path that suddenly carries less. The engine's own estimate needs a second or two until it is
 * right; meanwhile pictures, and what of them is sent again, fill the queue of the path, and sound is lost with them: nothing
 * there sends it first. So they are bounded far below the first estimate that falls, and the bound is doubled as long as the
 * path carries it.
 */
export class NarrowPath {
  #top = 0;
  #bound: number | undefined;
  /** What the path carried before, in bits per second. */
  #former = 0;
  #changedAt = 0;
  /** The estimate that fell, until it is known whether it goes on to. */
  #fell: number | undefined;

  /** The most that pictures may take, in bits per second; undefined: as much as the engine finds. */
  get bound(): number | undefined {
    return this.#bound;
  }

  /** Whether it may be about to become narrow: the next estimate is wanted soon. */
  get doubtful(): boolean {
    return this.#fell !== undefined;
  }

  /**
   * What the engine takes the path to carry, in bits per second, several times a second; `now` in milliseconds of any clock.
   * Returns whether the bound changed.
   */
  estimate(available: number, now: number): boolean {
    const fell = this.#fell;
    const top = this.#top;
    this.#top = Math.max(available, FORGET * top);
    this.#fell = undefined;
    if (available < FALL * top && available > LEAST) {
      if (fell !== undefined && available < FALL_AGAIN * fell) return this.#narrow(available, top, now);
      this.#fell = fell ?? available;
    }
    if (this.#bound === undefined || available < CARRIED * this.#bound || now - this.#changedAt < RAISE_MS)
      return false;
    const raised = 2 * this.#bound;
    this.#bound = raised < this.#former ? raised : undefined;
    this.#changedAt = now;
    return true;
  }

  #narrow(available: number, top: number, now: number): boolean {
    const bound = Math.max(LEAST, LEFT * available);
    // The bound itself makes the estimate fall: that is no fall of the path.
    this.#top = 0;
    this.#changedAt = now;
    if (this.#bound === undefined) this.#former = top;
    if (this.#bound !== undefined && bound >= this.#bound) return false;
    this.#bound = bound;
    return true;
  }
}
