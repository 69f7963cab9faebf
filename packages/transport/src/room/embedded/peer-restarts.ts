import type { Clock } from '@sluice/core';
import type { PeerLink } from './peer-link.ts';

/** Two wishes for an ICE restart within this time are one, in milliseconds. */
const RESTART_SPACING_MS = 400;
/** A connection is begun anew of our own accord no more often than this, in milliseconds. */
const REBUILD_SPACING_MS = 2_000;

export interface PeerRestartsOptions {
  readonly clock: Clock;
  /** Only the other side makes the offers that restart ICE, so that two restarts never cross. */
  readonly polite: boolean;
  readonly link: () => PeerLink | undefined;
  /** Asks the other side for a restart. */
  readonly wish: () => void;
  /** Begins the connection anew. */
  readonly rebuild: () => void;
}

/** When the way to a far side is looked for anew, and when the connection is begun anew instead. */
export class PeerRestarts {
  readonly #options: PeerRestartsOptions;
  #restartedAt = Number.NEGATIVE_INFINITY;
  #rebuiltAt = Number.NEGATIVE_INFINITY;

  constructor(options: PeerRestartsOptions) {
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
    const now = this.#options.clock.now();
    if (now - this.#rebuiltAt < REBUILD_SPACING_MS) return;
    this.#rebuiltAt = now;
    this.#options.rebuild();
  }

  /** Both sides notice a cut, at about the same time: one restart serves both. */
  #offer(): void {
    const now = this.#options.clock.now();
    const link = this.#options.link();
    if (link === undefined || now - this.#restartedAt < RESTART_SPACING_MS) return;
    this.#restartedAt = now;
    if (link.awaitingAnswer) link.offerAgain();
    else link.offer({ iceRestart: true });
  }
}
