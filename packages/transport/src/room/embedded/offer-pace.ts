import type { Clock } from '@sluice/core';
import { TokenBucket } from '../protocol/token-bucket.ts';

/** Media sections of offers that are answered at once, and a second in the long run: each costs the engine a transceiver. */
const SECTION_BURST = 256;
const SECTIONS_PER_SECOND = 64;

/** When the offers of one far side are answered: at once, but no more of them than one of many may cost. */
export class OfferPace {
  readonly #clock: Clock;
  readonly #sections: TokenBucket;
  #last = 0;
  #endWait = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sections = new TokenBucket({ clock, burst: SECTION_BURST, perSecond: SECTIONS_PER_SECOND });
  }

  /**
   * Counts an offer. What it returns is called when those before are done with, and waits for its turn: false if there is
   * a later offer by then, or the end.
   */
  take(sdp: string): () => Promise<boolean> {
    const number = ++this.#last;
    return async () => {
      if (this.#sections.left < SECTION_BURST / 2 && number !== this.#last) return false;
      if (this.#sections.left < 0) {
        await this.#wait();
        if (number !== this.#last) return false;
      }
      this.#sections.take(sdp.split(/^m=/m).length - 1);
      return true;
    };
  }

  /** Nobody waits any more. */
  close(): void {
    this.#last++;
    this.#endWait();
  }

  #wait(): Promise<void> {
    const ms = (-this.#sections.left / SECTIONS_PER_SECOND) * 1_000;
    return new Promise((resolve) => {
      const cancel = this.#clock.at(this.#clock.now() + ms, () => resolve());
      this.#endWait = () => {
        cancel();
        resolve();
      };
    });
  }
}
