// One room over several servers: we publish to one of them, are present on all, and have our media passed on to the others. Each
// participant does that for itself: there is nobody over them. No peer connection, no participant but ourselves.

import type { Cancel } from '@sluice/core';
import type { FeedId } from '../members/roster.ts';
import type { PluginEvent } from '../wire/janus-handle.ts';
import type { Home } from './home.ts';
import { Outpost, type OutpostOptions } from './outpost.ts';
import type { Publication } from './relay.ts';
import { relayedStreams } from './relayed-streams.ts';

/** How long our server may be away before we move to another one, in milliseconds: a network that stutters is back by then. */
const AWAY_MS = 1_500;

export interface CascadeOptions extends Omit<OutpostOptions, 'url'> {
  readonly servers: readonly URL[];
  /** Which of them is ours. */
  readonly where: Home;
}

/** Our part in a room of several servers. */
export class Cascade {
  readonly #options: CascadeOptions;
  /** By host and port. */
  readonly #outposts = new Map<string, Outpost>();
  #publication: Publication | undefined;
  #connections = 0;
  #cancelMove: Cancel = () => {};
  #closed = false;

  constructor(options: CascadeOptions) {
    this.#options = options;
    for (const url of options.servers) if (url.host !== options.where.url.host) this.#settle(url);
  }

  /** Our server says what we publish to it. */
  published(answer: PluginEvent, isNew: boolean): void {
    if (isNew) this.#connections += 1;
    this.#publication = { connection: this.#connections, streams: relayedStreams(answer) };
    for (const outpost of this.#outposts.values()) outpost.send(this.#publication);
  }

  /** Our display name is another one. */
  say(display: string): void {
    for (const outpost of this.#outposts.values()) outpost.say(display);
  }

  /** The way to our server was cut, or is there again, to this one or to the one that we have moved to. */
  signalling(state: 'interrupted' | 'connected'): void {
    this.#cancelMove();
    if (this.#closed) return;
    if (state === 'interrupted') return this.#moveSoon();
    const { where } = this.#options;
    const former = where.arrived();
    if (former === undefined) return;
    const there = this.#outposts.get(where.url.host);
    this.#outposts.delete(where.url.host);
    void there?.close();
    // What we published there is published no more.
    this.#publication = undefined;
    this.#settle(former);
  }

  /** Ends the media on our server that is of nobody: who sent it is gone without a word. */
  sweep(orphans: readonly FeedId[]): void {
    const { home, room } = this.#options;
    // Others who saw it do the same, and one of us is the first.
    for (const id of orphans)
      home.ask({ request: 'remove_remote_publisher', ...room, id }, 'to end media of nobody').catch(() => {});
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelMove();
    await Promise.all([...this.#outposts.values()].map((outpost) => outpost.close()));
  }

  #settle(url: URL): void {
    const outpost = new Outpost({ ...this.#options, url });
    this.#outposts.set(url.host, outpost);
    if (this.#publication !== undefined) outpost.send(this.#publication);
  }

  #moveSoon(): void {
    const { clock, where, id } = this.#options;
    this.#cancelMove = clock.at(clock.now() + AWAY_MS, () => {
      // Where none can be reached either, it is our own way that is cut.
      const reachable = [...this.#outposts.values()].filter(({ connected }) => connected).map(({ url }) => url);
      const next = where.choose(id, reachable);
      if (next !== undefined) where.moveTo(next);
      this.#moveSoon();
    });
  }
}
