import type { Clock } from '@sluice/core';
import type { PeerBody } from '@sluice/protocol';
import { TokenBucket } from './token-bucket.ts';

/** Messages of one participant to one other, at once and a second in the long run. */
const PAIR_BURST = 200;
const PAIR_PER_SECOND = 50;
/** Further ahead of that rate, in milliseconds, it is a flood. */
const FLOOD_MS = 2_000;
/** An offer is answered by a description and its candidates, a wish by an offer, a candidate by nothing. */
const ANSWERS = { description: 24, restart: 24, subscribe: 4, quality: 0, candidate: 0 } as const;
/** Answers that may be open at most. */
const MOST_OPEN = 64;

/** What one participant may send to one other. Answers to the other's questions are not counted. */
export class PairBudget {
  readonly #bucket: TokenBucket;
  #answers = 0;

  constructor(clock: Clock) {
    this.#bucket = new TokenBucket({ clock, burst: PAIR_BURST, perSecond: PAIR_PER_SECOND });
  }

  /** The other side said this, which may need answers. */
  asked(body: PeerBody): void {
    const answers = body.kind === 'description' && body.description.type === 'answer' ? 0 : ANSWERS[body.kind];
    this.#answers = Math.min(MOST_OPEN, this.#answers + answers);
  }

  /** Counts a message: the answer to what the other side asked, one of our own, or one too many of those. */
  take(): 'answer' | 'own' | 'flood' {
    if (this.#answers > 0) {
      this.#answers--;
      return 'answer';
    }
    return this.#bucket.take() > FLOOD_MS ? 'flood' : 'own';
  }
}
