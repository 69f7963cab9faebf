/** How often an engine says that it is there, and how often is looked whether it did, in milliseconds. */
export const ALIVE_EVERY_MS = 100;
/** An engine that ran and says nothing for so many looks is frozen: 1.5 s. A stop of a second goes by. */
const FROZEN_AFTER = 15;
/** One that is being started, beside busy neighbours too, says nothing before it runs: 15 s. */
const STARTED_WITHIN = 150;

/**
 * Whether an engine is frozen. Looks are counted, not time: a parent that stood still itself must not take that for the
 * engine's silence.
 */
export class SilenceCount {
  #silent = 0;
  #most = STARTED_WITHIN;

  /** It said something. */
  heard(): void {
    this.#silent = 0;
    this.#most = FROZEN_AFTER;
  }

  /** A look. Returns true when it is frozen. */
  look(): boolean {
    return ++this.#silent > this.#most;
  }
}
