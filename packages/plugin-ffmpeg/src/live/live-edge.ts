/** A step of what is ahead by less is jitter, in milliseconds. */
const JITTER_MS = 20;
/** Media that came in its own time for so long is at the edge, in milliseconds. */
const CALM_MS = 100;

/**
 * Tells what is live from what a server sends to begin with, all at once: media of the past, which would stay between the stream and
 * whoever plays it. While media comes faster than time passes it is of the past.
 */
export class LiveEdge {
  /** The furthest that media was ahead of the time at which it came, in milliseconds. */
  #ahead = Number.NEGATIVE_INFINITY;
  #since = 0;
  #reached = false;

  /** Whether media of `mediaMs` that comes at `nowMs` is at the edge, or came behind what was. */
  reached(mediaMs: number, nowMs: number): boolean {
    if (this.#reached) return true;
    const ahead = mediaMs - nowMs;
    if (ahead > this.#ahead + JITTER_MS) {
      this.#ahead = ahead;
      this.#since = nowMs;
    }
    this.#reached = nowMs - this.#since >= CALM_MS;
    return this.#reached;
  }
}
