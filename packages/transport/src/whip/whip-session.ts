import { type Cancel, type Clock, isSluiceError, type SluiceError, toError } from '@sluice/core';
import { withoutCandidates } from '@sluice/protocol';
import type { IceServer } from '../call/ice-config.ts';
import type { HostConnection, HostIceCandidate, MediaHost } from '../host/media-host.ts';
import { Gathering } from './gathering.ts';
import { candidatesOf, directed, sdpSections, withCandidates } from './sdp-sections.ts';
import { whipAnswer, whipLost } from './whip-errors.ts';
import { WhipResource } from './whip-resource.ts';

/** Media has to flow so soon after the answer, in milliseconds. */
const CONNECT_MS = 15_000;
/** Candidates that come late are told together, in milliseconds. */
const TRICKLE_MS = 100;

export interface WhipSessionOptions {
  readonly url: URL;
  readonly token: string | undefined;
  /** Undefined: the endpoint is asked for its own. */
  readonly iceServers: readonly IceServer[] | undefined;
  readonly direction: 'sendonly' | 'recvonly';
  readonly host: MediaHost;
  readonly clock: Clock;
  /** Puts what is sent, or expected, on a new connection. */
  readonly prepare: (connection: HostConnection) => void;
  readonly connected: () => void;
  /** It is over without having been closed. */
  readonly lost: (error: SluiceError) => void;
}

/** One session with an endpoint: a peer connection, and the resource that stands for it. It serves once. */
export class WhipSession {
  readonly #options: WhipSessionOptions;
  readonly #resource: WhipResource;
  readonly #stop = new AbortController();
  #gathering: Gathering | undefined;
  #connection: HostConnection | undefined;
  #opening: Promise<void> | undefined;
  #cancels: Cancel[] = [];
  #late: HostIceCandidate[] = [];
  #connected = false;

  constructor(options: WhipSessionOptions) {
    this.#options = options;
    this.#resource = new WhipResource(options);
  }

  /** Undefined before it is made and after it was closed. */
  get connection(): HostConnection | undefined {
    return this.#connection;
  }

  /** Resolves when the endpoint has answered; media flows a moment later. */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch(async (cause) => {
      const error = isSluiceError(cause) ? cause : whipLost('the session could not be made', toError(cause));
      await this.close();
      throw error;
    });
    return this.#opening;
  }

  /** Ends it here and, by DELETE, there: an endpoint need not notice that a peer is gone. */
  async close(): Promise<void> {
    this.#stop.abort(whipLost('the session was closed'));
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#gathering?.close();
    this.#connection?.close();
    this.#connection = undefined;
    await this.#resource.delete();
  }

  async #open(): Promise<void> {
    const { host, clock, direction, prepare } = this.#options;
    const { signal } = this.#stop;
    const iceServers = this.#options.iceServers ?? (await this.#resource.iceServers(signal));
    signal.throwIfAborted();
    const connection = host.createConnection({ candidates: 'all', iceServers });
    this.#connection = connection;
    this.#gathering = new Gathering(connection, clock);
    this.#cancels.push(
      connection.on('state', (state) => this.#passes(state)),
      host.onDown(() => this.#end(whipLost('the media engine of this process died'))),
    );
    prepare(connection);
    const { sdp } = await connection.createOffer();
    const candidates = await this.#gathering.settled();
    signal.throwIfAborted();
    const told = candidates.length;
    const offer = withCandidates(directed(sdp, direction), candidates.slice(0, told), this.#gathering.complete);
    const answer = await this.#resource.post(offer);
    signal.throwIfAborted();
    await this.#take(connection, answer);
    signal.throwIfAborted();
    this.#gathering.onLate(told, (candidate) => this.#trickle(offer, candidate));
    const overdue = () => this.#end(whipLost(`no media flows ${CONNECT_MS / 1_000} s after the answer`));
    if (!this.#connected) this.#cancels.push(clock.at(clock.now() + CONNECT_MS, () => this.#connected || overdue()));
  }

  async #take(connection: HostConnection, answer: string): Promise<void> {
    const { direction } = this.#options;
    const sections = sdpSections(answer);
    const tracks = direction === 'sendonly' ? [] : sections.filter(({ sends }) => sends);
    try {
      await connection.setRemoteDescription({
        type: 'answer',
        sdp: withoutCandidates(answer),
        tracks: tracks.map(({ mid, kind }) => ({ mid, name: kind })),
      });
      for (const candidate of candidatesOf(answer)) await connection.addIceCandidate(candidate);
    } catch (cause) {
      this.#stop.signal.throwIfAborted();
      throw whipAnswer('the engine refuses it', cause);
    }
  }

  #trickle(offer: string, candidate: HostIceCandidate): void {
    const { clock } = this.#options;
    if (this.#late.push(candidate) > 1) return;
    this.#cancels.push(
      clock.at(clock.now() + TRICKLE_MS, () => void this.#resource.trickle(offer, this.#late.splice(0))),
    );
  }

  #passes(state: 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed'): void {
    if (state === 'connected' && !this.#connected) {
      this.#connected = true;
      this.#options.connected();
    }
    if (state === 'failed' || state === 'closed') this.#end(whipLost(`the connection with the endpoint is ${state}`));
  }

  #end(error: SluiceError): void {
    if (this.#stop.signal.aborted) return;
    void this.close();
    this.#options.lost(error);
  }
}
