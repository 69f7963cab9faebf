import { type Clock, toError } from '@sluice/core';
import { feedOn } from '../members/feed-role.ts';
import { isJanusCode, janusError } from '../wire/janus-errors.ts';
import type { JanusHandle } from '../wire/janus-handle.ts';
import { grownFrom, type RelayedStream } from './relayed-streams.ts';

const NO_SUCH_FEED = 428;
const ID_EXISTS = 436;
/** All else that a request of ours needs is in it. */
const MISSING = 429;
const UNAUTHORIZED = 433;
/** A server takes a moment to forget what was removed from it: how often it is asked again, after how many milliseconds. */
const FORGETS = { tries: 40, everyMs: 50 } as const;

/** What we publish to our server. */
export interface Publication {
  /** Of two connections nothing is the same. */
  readonly connection: number;
  readonly streams: readonly RelayedStream[];
}

export interface RelayOptions {
  readonly clock: Clock;
  /** Of the server that we publish to. */
  readonly home: JanusHandle;
  /** Participant id. */
  readonly id: string;
  /** Room, and its secret. */
  readonly room: object;
  /** Name or address of the other server, to which ours sends, and what it is called between them. */
  readonly host: string;
  readonly name: string;
  readonly report: (error: unknown) => void;
}

/** Our media on its way from the server that we publish to to one other. */
export class Relay {
  readonly #options: RelayOptions;
  #there: JanusHandle | undefined;
  #wanted: Publication | undefined;
  #has: Publication | undefined;
  #steps: Promise<void> = Promise.resolve();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** The other server let us in; what it has of us from before is made anew. */
  arrived(there: JanusHandle): void {
    this.#there = there;
    this.#has = undefined;
    this.#sync();
  }

  send(publication: Publication): void {
    this.#wanted = publication;
    this.#sync();
  }

  async end(): Promise<void> {
    this.#wanted = undefined;
    this.#sync();
    await this.#steps;
  }

  #sync(): void {
    this.#steps = this.#steps.then(async () => {
      try {
        await this.#apply();
      } catch (cause) {
        this.#has = undefined;
        const needsSecret = isJanusCode(cause, MISSING) && !('secret' in this.#options.room);
        const error = needsSecret
          ? janusError(UNAUTHORIZED, 'the room has a secret', 'to pass media on to another server')
          : toError(cause);
        // One of both is away: it is asked again when we are back, or publish anew.
        if (!('code' in error && error.code === 'SLUICE_ROOM_LOST')) this.#options.report(error);
      }
    });
  }

  async #apply(): Promise<void> {
    const there = this.#there;
    const wanted = this.#wanted;
    const has = this.#has;
    if (there === undefined || wanted === has) return;
    if (wanted?.connection === has?.connection && grownFrom(has?.streams ?? [], wanted?.streams ?? []))
      await this.#ask(there, 'update_remote_publisher', { streams: wanted?.streams });
    else {
      await this.#ask(there, 'remove_remote_publisher').catch(unlessGone);
      if (wanted !== undefined) await this.#begin(there, wanted);
    }
    this.#has = wanted;
  }

  async #begin(there: JanusHandle, { streams }: Publication): Promise<void> {
    const { home, room, id, host, name } = this.#options;
    const { port, rtcp_port } = await this.#add(there, streams);
    const of = { ...room, publisher_id: id, remote_id: name };
    await home.ask({ request: 'unpublish_remotely', ...of }, 'to pass media on no more').catch(unlessGone);
    const to = { host, port, rtcp_port };
    await home.ask({ request: 'publish_remotely', ...of, ...to }, 'to pass media on to another server');
  }

  /** Returns the ports that the other server listens on. */
  async #add(there: JanusHandle, streams: readonly RelayedStream[]) {
    const { clock } = this.#options;
    for (let tries: number = FORGETS.tries; ; tries -= 1) {
      try {
        const { data } = await this.#ask(there, 'add_remote_publisher', { streams });
        return data;
      } catch (error) {
        if (!isJanusCode(error, ID_EXISTS) || tries === 0) throw error;
        await new Promise<void>((resolve) => clock.at(clock.now() + FORGETS.everyMs, resolve));
      }
    }
  }

  #ask(there: JanusHandle, request: string, more: object = {}) {
    const { room, id } = this.#options;
    return there.ask({ request, ...room, id: feedOn(id, 'relay'), ...more }, 'to take media of another server');
  }
}

function unlessGone(error: unknown): void {
  if (!isJanusCode(error, NO_SUCH_FEED)) throw error;
}
