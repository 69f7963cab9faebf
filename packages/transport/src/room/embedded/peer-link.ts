import type { Cancel } from '@sluice/core';
import type {
  AudioSendSettings,
  HostConnection,
  HostIceCandidate,
  HostSessionDescription,
  MediaHost,
} from '../../host/media-host.ts';
import type { LocalTrack } from '../driver.ts';
import { withoutCandidates } from '../sdp-policy.ts';

export interface PeerLinkOptions {
  readonly media: MediaHost;
  readonly candidates: 'loopback' | 'all';
  /** Of two offers that cross, the polite side's gives way. */
  readonly polite: boolean;
  readonly sendDescription: (description: HostSessionDescription, exchange: number) => void;
  readonly sendCandidate: (candidate: HostIceCandidate) => void;
  readonly onAudio: (name: string, samples: Int16Array, sampleRate: number, channels: number) => void;
  readonly onTrack: (name: string, present: boolean) => void;
  readonly onPackets: (received: number) => void;
  readonly onState: (state: LinkState) => void;
  readonly report: (error: unknown) => void;
}

export type LinkState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

/**
 * One peer connection, negotiated by the perfect-negotiation pattern: either side may offer at any time. Steps run one
 * after the other, so a description never meets a half-done one.
 */
export class PeerLink {
  readonly #connection: HostConnection;
  readonly #options: PeerLinkOptions;
  readonly #cancels: readonly Cancel[];
  /** Names of tracks that are part of the connection, with the source that each sends. */
  readonly #sending = new Map<
    string,
    { readonly source: LocalTrack['source']; readonly settings: AudioSendSettings }
  >();
  readonly #receiving = new Set<string>();
  #steps: Promise<void> = Promise.resolve();
  #awaitingAnswer = false;
  #exchange = 0;
  #ignoredOffer = false;
  #offerWanted = false;
  #restartWanted = false;
  #closed = false;

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    this.#connection = options.media.createConnection({ candidates: options.candidates });
    const connection = this.#connection;
    this.#cancels = [
      connection.on('candidate', (candidate) => options.sendCandidate(candidate)),
      connection.on('state', (state) => options.onState(state)),
      connection.on('track', ({ name, present }) => options.onTrack(name, present)),
      connection.on('packets', ({ received }) => options.onPackets(received)),
      connection.on('audio', (audio) => options.onAudio(audio.name, audio.samples, audio.sampleRate, audio.channels)),
    ];
  }

  get awaitingAnswer(): boolean {
    return this.#awaitingAnswer;
  }

  /** Sends exactly these tracks. Another source under a known name needs no negotiation, other settings do. */
  send(tracks: ReadonlyMap<string, LocalTrack>): void {
    if (this.#closed) return;
    let negotiate = false;
    for (const [name, { source, settings }] of this.#sending) {
      if (tracks.has(name) || source === null) continue;
      this.#connection.replaceTrack(name, null);
      this.#sending.set(name, { source: null, settings });
    }
    for (const [name, { source, settings = {} }] of tracks) {
      const sent = this.#sending.get(name);
      if (sent === undefined && source === null) continue;
      if (sent?.source === source && sameSettings(sent.settings, settings)) continue;
      if (sent !== undefined && (source === null || sameSettings(sent.settings, settings))) {
        this.#connection.replaceTrack(name, source);
        this.#sending.set(name, { source, settings: sent.settings });
        continue;
      }
      if (sent !== undefined) this.#connection.removeTrack(name);
      this.#connection.addTrack(name, source!, settings);
      this.#sending.set(name, { source, settings });
      negotiate = true;
    }
    if (negotiate) this.offer();
  }

  /** Takes a track out of the connection for good. */
  remove(name: string): void {
    if (this.#closed || !this.#sending.delete(name)) return;
    this.#connection.removeTrack(name);
    this.offer();
  }

  receive(name: string, wanted: boolean): void {
    if (this.#closed || this.#receiving.has(name) === wanted) return;
    if (wanted) this.#receiving.add(name);
    else this.#receiving.delete(name);
    this.#connection.receive(name, wanted);
  }

  /** Makes an offer as soon as nothing else is under way; several wishes become one offer. */
  offer(options: { readonly iceRestart?: boolean } = {}): void {
    if (options.iceRestart === true) this.#restartWanted = true;
    if (this.#offerWanted) return;
    this.#offerWanted = true;
    this.#step(() => this.#offerIfStable());
  }

  /** The last offer may never have arrived: takes it back and makes it anew, with an ICE restart in case it was one. */
  offerAgain(): void {
    if (!this.#awaitingAnswer) return;
    this.#step(async () => {
      if (!this.#awaitingAnswer) return;
      await this.#connection.rollback();
      this.#awaitingAnswer = false;
    });
    this.offer({ iceRestart: true });
  }

  description(description: HostSessionDescription, exchange: number): void {
    const offered = description.type === 'offer';
    this.#step(() => (offered ? this.#takeOffer(description, exchange) : this.#takeAnswer(description, exchange)));
  }

  candidate(candidate: HostIceCandidate): void {
    this.#step(async () => {
      try {
        await this.#connection.addIceCandidate(candidate);
      } catch (error) {
        // Those of an offer that was ignored or of a generation that a restart replaced.
        if (!this.#ignoredOffer && !this.#awaitingAnswer) this.#options.report(error);
      }
    });
  }

  stats(): ReturnType<HostConnection['stats']> {
    return this.#connection.stats();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const cancel of this.#cancels) cancel();
    this.#connection.close();
  }

  #step(step: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return;
      try {
        await step();
      } catch (error) {
        if (!this.#closed) this.#options.report(error);
      }
    });
  }

  async #offerIfStable(): Promise<void> {
    // Asked for again by the answer.
    if (this.#awaitingAnswer || !this.#offerWanted) return;
    this.#offerWanted = false;
    const iceRestart = this.#restartWanted;
    this.#restartWanted = false;
    const offer = await this.#connection.createOffer({ iceRestart });
    if (this.#closed) return;
    this.#awaitingAnswer = true;
    this.#say(offer, ++this.#exchange);
  }

  #say({ type, sdp, tracks }: HostSessionDescription, exchange: number): void {
    this.#options.sendDescription({ type, sdp: withoutCandidates(sdp), tracks }, exchange);
  }

  async #takeOffer(offer: HostSessionDescription, exchange: number): Promise<void> {
    this.#ignoredOffer = this.#awaitingAnswer && !this.#options.polite;
    if (this.#ignoredOffer) return;
    if (this.#awaitingAnswer) {
      await this.#connection.rollback();
      this.#awaitingAnswer = false;
    }
    await this.#connection.setRemoteDescription(offer);
    const answer = await this.#connection.createAnswer();
    if (this.#closed) return;
    this.#say(answer, exchange);
    // What found no room in the answer, perhaps because our own offer was taken back.
    if ((answer.pending?.length ?? 0) > 0) this.#offerWanted = true;
    await this.#offerIfStable();
  }

  async #takeAnswer(answer: HostSessionDescription, exchange: number): Promise<void> {
    // The answer to an offer that was taken back.
    if (!this.#awaitingAnswer || exchange !== this.#exchange) return;
    await this.#connection.setRemoteDescription(answer);
    this.#awaitingAnswer = false;
    await this.#offerIfStable();
  }
}

function sameSettings(a: AudioSendSettings, b: AudioSendSettings): boolean {
  return a.channelConfig === b.channelConfig && a.bitrate === b.bitrate;
}
