/** How long a reading of the server's clock is gone on from, in milliseconds. */
const GOOD_MS = 10_000;

/**
 * What the clock of the server says, by which it stamps what is written: clocks of machines differ, and who compares a stamp with one's own
 * finds a job old that has just come. Of this machine only the time between two readings is used.
 */
export class ServerTime {
  readonly #stamp: () => Promise<number>;
  #read: { readonly ms: number; readonly at: number } | undefined;

  /** @param stamp Of something that was written a moment ago, in milliseconds: by so much it is behind. */
  constructor(stamp: () => Promise<number>) {
    this.#stamp = stamp;
  }

  /** In milliseconds since 1970. */
  async now(): Promise<number> {
    if (this.#read === undefined || performance.now() - this.#read.at > GOOD_MS)
      this.#read = { ms: await this.#stamp(), at: performance.now() };
    return this.#read.ms + performance.now() - this.#read.at;
  }
}
