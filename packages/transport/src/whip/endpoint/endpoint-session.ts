import { type Cancel, type Clock, toError } from '@sluice/core';
import type { HostConnection, MediaHost } from '../../host/media-host.ts';
import type { IceFragment } from '../ice-fragment.ts';
import { sdpSections } from '../sdp-sections.ts';
import type { EndpointPeer, PeerEntry } from './endpoint-peer.ts';
import { IceExchange, type PatchReply } from './ice-exchange.ts';

/** Media has to flow so soon after the offer, the way into the room included, in milliseconds. */
const CONNECT_MS = 15_000;

export interface EndpointSessionOptions {
  readonly peer: EndpointPeer;
  readonly host: MediaHost;
  readonly clock: Clock;
  readonly loopback: boolean;
  /** It ends after so long, in milliseconds. Undefined: never by itself. */
  readonly lastsMs: number | undefined;
  /** It is over, whoever ended it. */
  readonly ended: () => void;
}

/** One session of the endpoint: the connection with whoever asked, and a participant of the room. */
export class EndpointSession {
  readonly #options: EndpointSessionOptions;
  #connection: HostConnection | undefined;
  #ice: IceExchange | undefined;
  #cancels: Cancel[] = [];
  #closing: Promise<void> | undefined;

  constructor(options: EndpointSessionOptions) {
    this.#options = options;
  }

  /** Enters the room, takes the offer and returns the answer with all candidates, and the tag of its ICE. */
  async open(entry: PeerEntry, offer: string): Promise<{ readonly answer: string; readonly etag: string }> {
    const { peer, host, clock, loopback, lastsMs } = this.#options;
    let connected = false;
    this.#cancels.push(clock.at(clock.now() + CONNECT_MS, () => connected || void this.close()));
    if (lastsMs !== undefined) this.#cancels.push(clock.at(clock.now() + lastsMs, () => void this.close()));
    try {
      await peer.enter(entry);
      this.#checkOpen();
      const connection = host.createConnection({ candidates: 'all' });
      this.#connection = connection;
      const ice = new IceExchange({ connection, clock, loopback });
      this.#cancels.push(() => ice.close());
      this.#watch(connection, () => {
        connected = true;
      });
      const sections = sdpSections(offer);
      peer.attach(
        connection,
        sections.map(({ kind }) => kind),
      );
      const answer = await ice.answer(offer, peer.tracks(sections.filter(({ sends }) => sends)));
      this.#checkOpen();
      this.#ice = ice;
      return { answer, etag: ice.etag };
    } catch (error) {
      await this.close();
      throw toError(error);
    }
  }

  /**
   * What PATCH brings, with the entity tag of `If-Match`. Before the answer nobody knows where to send it.
   *
   * @returns a promise that rejects once the session is being ended.
   */
  async patch(tag: string, fragment: IceFragment): Promise<PatchReply> {
    this.#checkOpen();
    return this.#ice!.patch(tag, fragment);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #watch(connection: HostConnection, connected: () => void): void {
    const end = () => void this.close();
    this.#cancels.push(
      connection.on('state', (state) => {
        if (state === 'connected') connected();
        if (state === 'failed' || state === 'closed') end();
      }),
      this.#options.host.onDown(end),
    );
  }

  async #close(): Promise<void> {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#connection?.close();
    await this.#options.peer.close().catch(() => {});
    this.#options.ended();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new Error('the session was closed');
  }
}
