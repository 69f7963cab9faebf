import { iceUser } from '../sdp-policy.ts';

/** Two wishes for an ICE restart within this time are one, in milliseconds. */
const RESTART_SPACING_MS = 400;
/** A connection is begun anew of our own accord no more often than this, in milliseconds. */
const REBUILD_SPACING_MS = 2_000;
/** Restarts of ICE on one connection. Each leaves sockets and timers open, about six descriptors, until it is closed. */
const MOST_RESTARTS = 8;

/** What is asked of a connection that is to find another way. */
export interface RestartedLink {
  /** An offer of ours waits for its answer. */
  readonly awaitingAnswer: boolean;
  /** Whether ICE may be restarted now because the far side wishes it. Counts that it is. */
  tryRestart(): boolean;
  /** Makes an offer. */
  offer(options: { readonly iceRestart: boolean }): void;
  /** Says the offer that waits for an answer once more. */
  offerAgain(): void;
}

/** What a {@link RestartPace} decides about, and how. */
export interface RestartPaceOptions {
  /** Milliseconds of any clock. */
  readonly now: () => number;
  /** Only the other side makes the offers that restart ICE, so that two restarts never cross. */
  readonly polite: boolean;
  /** The connection, where there is one. */
  readonly link: () => RestartedLink | undefined;
  /** Asks the other side for a restart. */
  readonly wish: () => void;
  /** Begins the connection anew. */
  readonly rebuild: () => void;
}

/** When the way to a far side is looked for anew, and when the connection is begun anew instead. */
export class RestartPace {
  readonly #options: RestartPaceOptions;
  #restartedAt = Number.NEGATIVE_INFINITY;
  #rebuiltAt = Number.NEGATIVE_INFINITY;

  constructor(options: RestartPaceOptions) {
    this.#options = options;
  }

  /** We want one. */
  restart(): void {
    if (this.#options.polite) this.#options.wish();
    else this.#offer();
  }

  /** The other side wishes for one. */
  wished(): void {
    if (this.#options.link()?.tryRestart() === true) this.#offer();
  }

  /** The connection is no use any more. */
  rebuild(): void {
    const now = this.#options.now();
    if (now - this.#rebuiltAt < REBUILD_SPACING_MS) return;
    this.#rebuiltAt = now;
    this.#options.rebuild();
  }

  /** Both sides notice a cut, at about the same time: one restart serves both. */
  #offer(): void {
    const now = this.#options.now();
    const link = this.#options.link();
    if (link === undefined || now - this.#restartedAt < RESTART_SPACING_MS) return;
    this.#restartedAt = now;
    if (link.awaitingAnswer) link.offerAgain();
    else link.offer({ iceRestart: true });
  }
}

/** The restarts of one connection, ours and the far side's: of so many a new connection takes the place. */
export class RestartWear {
  #restarts = 0;
  /** The far side's, of the offer that was taken last. */
  #iceUser: string | undefined;

  /** Counts a restart of ours. Returns whether the connection stands it. */
  stands(): boolean {
    return ++this.#restarts <= MOST_RESTARTS;
  }

  /** The same of an offer of the far side, if it restarts ICE. */
  standsOffer(sdp: string): boolean {
    const name = iceUser(sdp);
    const isRestart = this.#iceUser !== undefined && name !== this.#iceUser;
    this.#iceUser = name;
    return !isRestart || this.stands();
  }
}
