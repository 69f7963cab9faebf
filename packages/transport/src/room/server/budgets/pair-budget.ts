import type { Clock } from '@sluice/core';
import { iceUser, mediaSections, type PeerBody, TokenBucket } from '@sluice/protocol';

/** Messages of one participant to one other, at once and a second in the long run. */
const PAIR_BURST = 200;
const PAIR_PER_SECOND = 50;
/** Further ahead of that rate, in milliseconds, it is a flood. */
const FLOOD_MS = 2_000;
/** New connections and restarts of one: each costs the other side an offer, its candidates, and much of its engine. */
const RENEWAL_BURST = 10;
/** At once of somebody who came in anew from where others were refused of late: a connection and its first restarts. */
const RENEWAL_BURST_OF_SUSPECTS = 3;
const RENEWALS_PER_SECOND = 1;
/** Media sections of offers: what an offer costs who answers it. */
const SECTION_BURST = 256;
const SECTIONS_PER_SECOND = 64;
/** A new connection and an offer are answered by a description and its candidates, a wish by an offer, a candidate by nothing. */
const NEW_LINK_ANSWERS = 32;
const ANSWERS = { description: 24, restart: 24, subscribe: 4, quality: 0, candidate: 0 } as const;
/** Answers that may be open at most. */
const MOST_OPEN = 64;

/** What one participant may send to one other. Answers to the other's questions are not counted. */
export class PairBudget {
  readonly #messages: TokenBucket;
  readonly #renewals: TokenBucket;
  readonly #sections: TokenBucket;
  #answers = 0;
  /** The sender's end of the connection, as far as it has told. */
  #link: string | undefined;
  #iceUser: string | undefined;

  /** @param suspect Whether the sender's address has offended of late. */
  constructor(clock: Clock, suspect = false) {
    this.#messages = new TokenBucket({ clock, burst: PAIR_BURST, perSecond: PAIR_PER_SECOND });
    const renewals = suspect ? RENEWAL_BURST_OF_SUSPECTS : RENEWAL_BURST;
    this.#renewals = new TokenBucket({ clock, burst: renewals, perSecond: RENEWALS_PER_SECOND });
    this.#sections = new TokenBucket({ clock, burst: SECTION_BURST, perSecond: SECTIONS_PER_SECOND });
  }

  /** Whether this is of another end of the sender's than what it sent before. */
  isNewLink({ link }: PeerBody): boolean {
    return link.from !== this.#link;
  }

  /** The other side said this, which may need answers. */
  asked(body: PeerBody, isNewLink: boolean): void {
    const isAnswer = body.kind === 'description' && body.description.type === 'answer';
    const answers = isNewLink ? NEW_LINK_ANSWERS : isAnswer ? 0 : ANSWERS[body.kind];
    this.#answers = Math.min(MOST_OPEN, this.#answers + answers);
  }

  /** Counts a message: the answer to what the other side asked, one of our own, or one too many of those. */
  take(body: PeerBody): 'answer' | 'own' | 'flood' {
    if (this.#isTooMuch(body)) return 'flood';
    if (this.isNewLink(body)) this.#iceUser = undefined;
    this.#link = body.link.from;
    if (body.kind === 'description') this.#iceUser = iceUser(body.description.sdp);
    if (this.#answers > 0) {
      this.#answers--;
      return 'answer';
    }
    return this.#messages.take() > FLOOD_MS ? 'flood' : 'own';
  }

  /** Whether it makes the other side work more than it may, be it an answer or not. */
  #isTooMuch(body: PeerBody): boolean {
    if (this.#isRenewal(body) && !this.#renewals.tryTake()) return true;
    if (body.kind !== 'description' || body.description.type === 'answer') return false;
    return this.#sections.take(mediaSections(body.description.sdp)) > FLOOD_MS;
  }

  #isRenewal(body: PeerBody): boolean {
    if (this.isNewLink(body) || body.kind === 'restart') return true;
    if (body.kind !== 'description' || body.description.type === 'answer') return false;
    return this.#iceUser !== undefined && this.#iceUser !== iceUser(body.description.sdp);
  }
}
