/** Frames that follow one another within this belong together, in microseconds: rounding. */
const SAME_US = 1_000;

interface Span {
  from: number;
  to: number;
  readonly shift: number;
}

/**
 * What a player was given and has not played: stretches of media without a jump. It turns the player's position, a
 * timestamp, into one on the timeline, and tells how much is left. Extending a stretch allocates nothing.
 */
export class PlayedSpans {
  #spans: Span[] = [];

  /** Media of `duration` from a timestamp on was given to the player; `shift` is what leads to the timeline. */
  add(timestamp: number, duration: number, shift: number): void {
    const last = this.#spans.at(-1);
    if (last !== undefined && last.shift === shift && Math.abs(timestamp - last.to) <= SAME_US)
      last.to = timestamp + duration;
    else this.#spans.push({ from: timestamp, to: timestamp + duration, shift });
  }

  /** The player has come to `position`. Returns what leads from there to the timeline. */
  reach(position: number): number {
    const index = this.#spans.findIndex(({ from, to }) => position >= from - SAME_US && position <= to + SAME_US);
    if (index > 0) this.#spans.splice(0, index);
    const current = this.#spans[0];
    if (current === undefined) return 0;
    if (index >= 0) current.from = Math.min(position, current.to);
    return current.shift;
  }

  /** How much media is left to be played. */
  get left(): number {
    let left = 0;
    for (const { from, to } of this.#spans) left += to - from;
    return left;
  }

  clear(): void {
    this.#spans = [];
  }
}
