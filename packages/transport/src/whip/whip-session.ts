import { type Cancel, type Clock, isSluiceError, type SluiceError, toError } from '@sluice/core';
import { withoutCandidates } from '@sluice/protocol';
import type { IceServer } from '../call/ice-config.ts';
import type { HostConnection, HostIceCandidate, MediaHost } from '../host/media-host.ts';
import { Gathering } from './gathering.ts';
import { restarted } from './ice-fragment.ts';
import { IceRestarts, type RestartOutcome } from './ice-restarts.ts';
import { candidatesOf, directed, sdpSections, trickleFragment, withCandidates } from './sdp-sections.ts';
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
  readonly #restarts: IceRestarts;
  #gathering: Gathering | undefined;
  #connection: HostConnection | undefined;
  #opening: Promise<void> | undefined;
  #cancels: Cancel[] = [];
  #late: HostIceCandidate[] = [];
  #cancelTrickle: Cancel = () => {};
  /** The answer as it is now: a restart puts another name and password in. */
  #answer = '';
  #connected = false;
  #flows = false;

  constructor(options: WhipSessionOptions) {
    this.#options = options;
    this.#resource = new WhipResource(options);
    this.#restarts = new IceRestarts({
      clock: options.clock,
      restart: () => this.#restart(),
      lost: (what) => this.#end(whipLost(what)),
    });
  }

  /** Undefined before it is made and after it was closed. */
  get connection(): HostConnection | undefined {
    return this.#connection;
  }

  /** Whether there is a way to the endpoint now. */
  get flows(): boolean {
    return this.#flows;
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
    this.#flows = false;
    this.#restarts.close();
    this.#cancelTrickle();
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
    this.#cancels.push(
      connection.on('state', (state) => this.#passes(state)),
      host.onDown(() => this.#end(whipLost('the media engine of this process died'))),
    );
    prepare(connection);
    const { sdp, candidates, gathering } = await this.#describe(connection, false);
    const offer = withCandidates(directed(sdp, direction), candidates, gathering.complete);
    this.#answer = await this.#resource.post(offer);
    signal.throwIfAborted();
    await this.#take(connection, this.#answer, candidatesOf(this.#answer));
    signal.throwIfAborted();
    gathering.onLate(candidates.length, (candidate) => this.#trickle(offer, candidate));
    const overdue = () => this.#end(whipLost(`no media flows ${CONNECT_MS / 1_000} s after the answer`));
    if (!this.#connected) this.#cancels.push(clock.at(clock.now() + CONNECT_MS, () => this.#connected || overdue()));
  }

  /** An offer, and what candidates there are when it may go out. */
  async #describe(connection: HostConnection, iceRestart: boolean) {
    this.#gathering?.close();
    // Candidates of the ICE before would be taken for a restart back to it.
    this.#cancelTrickle();
    this.#late = [];
    const gathering = new Gathering(connection, this.#options.clock);
    this.#gathering = gathering;
    const { sdp } = await connection.createOffer({ iceRestart });
    const candidates = [...(await gathering.settled())];
    this.#stop.signal.throwIfAborted();
    return { sdp, candidates, gathering };
  }

  async #take(connection: HostConnection, answer: string, candidates: readonly HostIceCandidate[]): Promise<void> {
    const { direction } = this.#options;
    const sections = sdpSections(answer);
    const tracks = direction === 'sendonly' ? [] : sections.filter(({ sends }) => sends);
    try {
      await connection.setRemoteDescription({
        type: 'answer',
        sdp: withoutCandidates(answer),
        tracks: tracks.map(({ mid, kind }) => ({ mid, name: kind })),
      });
      for (const candidate of candidates) await connection.addIceCandidate(candidate);
    } catch (cause) {
      this.#stop.signal.throwIfAborted();
      throw whipAnswer('the engine refuses it', cause);
    }
  }

  async #restart(): Promise<RestartOutcome> {
    const connection = this.#connection;
    if (connection === undefined) return 'unanswered';
    try {
      const { sdp, candidates, gathering } = await this.#describe(connection, true);
      const end = gathering.complete ? 'a=end-of-candidates\r\n' : '';
      const theirs = await this.#resource.restart(`${trickleFragment(sdp, candidates)}${end}`);
      if (theirs === undefined) return 'unanswered';
      if (typeof theirs === 'string') return { refused: theirs };
      this.#answer = restarted(this.#answer, theirs);
      await this.#take(connection, this.#answer, theirs.candidates);
      gathering.onLate(candidates.length, (candidate) => this.#trickle(sdp, candidate));
      return 'restarted';
    } catch (cause) {
      return { refused: toError(cause).message };
    }
  }

  #trickle(offer: string, candidate: HostIceCandidate): void {
    const { clock } = this.#options;
    if (this.#late.push(candidate) > 1) return;
    this.#cancelTrickle = clock.at(
      clock.now() + TRICKLE_MS,
      () => void this.#resource.trickle(offer, this.#late.splice(0)),
    );
  }

  #passes(state: 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed'): void {
    this.#flows = state === 'connected';
    if (state === 'connected') {
      this.#restarts.found();
      if (!this.#connected) this.#options.connected();
      this.#connected = true;
    } else if (state === 'closed' || (state === 'failed' && !this.#connected))
      this.#end(whipLost(`the connection with the endpoint is ${state}`));
    else if (state === 'failed' || (state === 'disconnected' && this.#connected))
      this.#restarts.broke(state === 'failed');
  }

  #end(error: SluiceError): void {
    if (this.#stop.signal.aborted) return;
    void this.close();
    this.#options.lost(error);
  }
}
