import { participantId } from './participant-card.ts';
import type { FeedId, Roster } from './roster.ts';

/** Who spoke last, by what the server tells of the loudness of each track. */
export class ActiveSpeaker {
  readonly #told: (id: string | null) => void;
  /** In the order in which they began. */
  readonly #talking = new Set<string>();
  id: string | null = null;

  constructor(told: (id: string | null) => void) {
    this.#told = told;
  }

  /** @param own our id, if it is about us: the roster has the others. */
  take(own: string | undefined, feed: FeedId, mid: string | undefined, isTalking: boolean, roster: Roster): void {
    const id = own ?? participantId(feed);
    if (own === undefined && mid !== undefined && roster.trackOn(id, mid)?.ignoreLevel === true) return;
    this.#talking.delete(id);
    if (isTalking) this.#talking.add(id);
    // Who fell silent stays the one who spoke last.
    this.#choose([...this.#talking].at(-1) ?? this.id);
  }

  forget(id: string): void {
    this.#talking.delete(id);
    if (this.id === id) this.#choose([...this.#talking].at(-1) ?? null);
  }

  #choose(id: string | null): void {
    if (id === this.id) return;
    this.id = id;
    this.#told(id);
  }
}
