import { iceUser, mediaSections } from '../sdp-policy.ts';
import type { Timers } from './timers.ts';
import { TokenBucket } from './token-bucket.ts';

/** Media sections of offers that are answered at once, and a second in the long run: each costs the engine a transceiver. */
const SECTION_BURST = 128;
const SECTIONS_PER_SECOND = 64;
/** Taking an offer and answering it costs as much as so many sections, however short it is. */
const OFFER = 3;
/** Restarts of ICE for the far side's sake, at once and a second: each opens sockets. Whose path is broken asks every 2 s. */
const RESTART_BURST = 2;
const RESTARTS_PER_SECOND = 0.5;

/**
 * When the offers of one far side are answered, and its wishes for a restart followed: at once, but no more of them than one
 * of many may cost.
 */
export class OfferPace {
  readonly #timers: Timers;
  readonly #sections: TokenBucket;
  readonly #restarts: TokenBucket;
  #iceUser: string | undefined;
  #last = 0;
  #endWait = () => {};

  constructor(timers: Timers) {
    this.#timers = timers;
    this.#sections = new TokenBucket({ clock: timers, burst: SECTION_BURST, perSecond: SECTIONS_PER_SECOND });
    this.#restarts = new TokenBucket({ clock: timers, burst: RESTART_BURST, perSecond: RESTARTS_PER_SECOND });
  }

  /**
   * Counts an offer. What it returns is called when those before are done with, and waits for its turn: false if there is
   * a later offer by then, or the end.
   */
  take(sdp: string): () => Promise<boolean> {
    const number = ++this.#last;
    const name = iceUser(sdp);
    return async () => {
      const isRestart = this.#iceUser !== undefined && this.#iceUser !== name;
      const isShort = this.#sections.left < SECTION_BURST / 2 || (isRestart && this.#restarts.left < RESTART_BURST);
      if (isShort && number !== this.#last) return false;
      const waitMs = Math.max(
        (-this.#sections.left / SECTIONS_PER_SECOND) * 1_000,
        isRestart ? ((1 - this.#restarts.left) / RESTARTS_PER_SECOND) * 1_000 : 0,
      );
      if (waitMs > 0) {
        await this.#wait(waitMs);
        if (number !== this.#last) return false;
      }
      this.#sections.take(OFFER + mediaSections(sdp));
      if (isRestart) this.#restarts.take();
      this.#iceUser = name;
      return true;
    };
  }

  /** Whether ICE is restarted now because the far side wishes it. Counts that it is. */
  tryRestart(): boolean {
    return this.#restarts.tryTake();
  }

  /** Nobody waits any more. */
  close(): void {
    this.#last++;
    this.#endWait();
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#timers.after(ms, resolve);
      this.#endWait = () => {
        cancel();
        resolve();
      };
    });
  }
}
