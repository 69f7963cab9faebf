import { type Cancel, type Clock, toError } from '@sluice/core';
import { withoutCandidates } from '@sluice/protocol';
import type { HostConnection, MediaHost } from '../../host/media-host.ts';
import { candidateAllowed } from '../../room/protocol/candidate-policy.ts';
import { Gathering } from '../gathering.ts';
import { candidatesOf, sdpSections, withCandidates } from '../sdp-sections.ts';
import type { EndpointPeer, PeerEntry } from './endpoint-peer.ts';

/** Media has to flow so soon after the offer, the way into the room included, in milliseconds. */
const CONNECT_MS = 15_000;

export interface EndpointSessionOptions {
  readonly peer: EndpointPeer;
  readonly host: MediaHost;
  readonly clock: Clock;
  readonly loopback: boolean;
  /** It is over, whoever ended it. */
  readonly ended: () => void;
}

/** One session of the endpoint: the connection with whoever asked, and a participant of the room. */
export class EndpointSession {
  readonly #options: EndpointSessionOptions;
  #connection: HostConnection | undefined;
  #cancels: Cancel[] = [];
  #closing: Promise<void> | undefined;

  constructor(options: EndpointSessionOptions) {
    this.#options = options;
  }

  /** Enters the room, takes the offer and returns the answer with all candidates. */
  async open(entry: PeerEntry, offer: string): Promise<string> {
    const { peer, host, clock, loopback } = this.#options;
    let connected = false;
    this.#cancels.push(clock.at(clock.now() + CONNECT_MS, () => connected || void this.close()));
    try {
      await peer.enter(entry);
      this.#checkOpen();
      const connection = host.createConnection({ candidates: 'all' });
      this.#connection = connection;
      const gathering = new Gathering(connection, clock);
      this.#cancels.push(() => gathering.close());
      this.#watch(connection, () => {
        connected = true;
      });
      const sections = sdpSections(offer);
      peer.attach(
        connection,
        sections.map(({ kind }) => kind),
      );
      const tracks = peer.tracks(sections.filter(({ sends }) => sends));
      await connection.setRemoteDescription({ type: 'offer', sdp: withoutCandidates(offer), tracks });
      for (const candidate of candidatesOf(offer))
        if (candidateAllowed(candidate.candidate, loopback)) await connection.addIceCandidate(candidate);
      const { sdp } = await connection.createAnswer();
      const candidates = await gathering.settled();
      this.#checkOpen();
      return withCandidates(sdp, candidates, true);
    } catch (error) {
      await this.close();
      throw toError(error);
    }
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
