import { realClock } from '@sluice/core';

/** A server keeps some of what comes too early; of more it is told, in milliseconds. */
const MOST_AHEAD_MS = 3_000;

/** Watches whether a live stream is written in the time that it lasts. */
export class LivePace {
  #start: number | undefined;
  #aheadMs = 0;

  /** @param mediaMs from the beginning of the stream to the end of what was written */
  wrote(mediaMs: number): void {
    const now = realClock.now();
    this.#start ??= now;
    this.#aheadMs = mediaMs - (now - this.#start);
  }

  /** As a sink tells them. */
  get problems(): readonly string[] {
    if (this.#aheadMs <= MOST_AHEAD_MS) return [];
    const seconds = Math.round(this.#aheadMs / 1_000);
    return [`sends a live stream ${seconds} s faster than it lasts; put pace() before it`];
  }
}
