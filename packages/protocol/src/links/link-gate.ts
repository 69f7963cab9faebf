// The pace of links between two participants: names of their ends, when a new one is followed, how often one may be
// offered anew, when a path counts as broken. No message is read or written here, and time comes in as `Timers`.

import type { PeerBody } from '../peer-body.ts';
import { LinkNames } from './link-names.ts';
import type { Timers } from './timers.ts';

/** A new end of the far side is followed this long after the one before it at the earliest, in milliseconds, */
const APART_MS = 1_000;
/** each further one twice as long after, up to this, */
const MOST_APART_MS = 30_000;
/** until there was none for this long. */
const FORGOTTEN_MS = 60_000;
/** Messages of an end that has to wait: a description with its candidates and wishes. */
const MOST_HELD = 128;

/** What a {@link LinkGate} passes on, and the time that it goes by. */
export interface LinkGateOptions extends Timers {
  /**
   * Takes what is for the connection that is there. `anew`: the far side has another end, so this one starts anew before; without
   * a body the far side does so, too, and says all of it again.
   */
  readonly take: (body: PeerBody | undefined, anew: boolean) => void;
}

/**
 * What one participant says of the connection to it, in order. To start a connection anew costs a receiver much and a sender
 * nothing, so a far side that has a new end too soon after the last one waits, and of several that wait the newest counts.
 */
export class LinkGate {
  readonly #options: LinkGateOptions;
  readonly #names = new LinkNames();
  #anewAt = Number.NEGATIVE_INFINITY;
  #apartMs = APART_MS;
  #held: PeerBody[] = [];
  #cancel: (() => void) | undefined;

  constructor(options: LinkGateOptions) {
    this.#options = options;
  }

  /** Goes with everything that is sent. */
  get ids(): PeerBody['link'] {
    return this.#names.ids;
  }

  /** Our end is a new one. */
  renew(): void {
    this.#forget();
    this.#names.renew();
  }

  receive(body: PeerBody): void {
    const { now, after } = this.#options;
    if (this.#names.look(body.link) !== 'anew') return this.#pass(body);
    const waitMs = this.#anewAt + this.#apartMs - now();
    if (waitMs <= 0) return this.#pass(body);
    if (this.#held[0]?.link.from !== body.link.from) this.#held = [];
    if (this.#held.length < MOST_HELD) this.#held.push(body);
    this.#cancel ??= after(waitMs, () => this.#release());
  }

  /** Nothing is passed on any more that waits. */
  close(): void {
    this.#forget();
  }

  #release(): void {
    const held = this.#held;
    this.#forget();
    for (const body of held) this.#pass(body);
  }

  #pass(body: PeerBody): void {
    const named = this.#names.take(body.link);
    if (named === 'past') return;
    if (named === 'current') return this.#options.take(body, false);
    this.#followed();
    this.#options.take(named === 'crossed' ? undefined : body, true);
  }

  #followed(): void {
    const now = this.#options.now();
    const isFirst = now - this.#anewAt > FORGOTTEN_MS;
    this.#apartMs = isFirst ? APART_MS : Math.min(2 * this.#apartMs, MOST_APART_MS);
    this.#anewAt = now;
    // What waits is older than what was followed.
    this.#forget();
  }

  #forget(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#held = [];
  }
}
