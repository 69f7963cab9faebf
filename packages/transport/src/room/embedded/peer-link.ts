import type { Cancel } from '@sluice/core';
import { CandidateBound, limits, OfferPace, RestartWear, trackKind, withoutCandidates } from '@sluice/protocol';
import type { HostConnection, HostIceCandidate, HostSessionDescription, IceSettings } from '../../host/media-host.ts';
import { type SentTrack, sameAudio, sameVideo, silent } from '../session/sent-track.ts';
import { clockTimers } from './clock-timers.ts';
import type { PeerLinkOptions } from './peer-link-options.ts';
import { RelayWatch } from './relay-watch.ts';

/** An offer that was said, and the candidates that followed it. */
interface SaidOffer {
  readonly description: HostSessionDescription;
  readonly exchange: number;
  readonly candidates: HostIceCandidate[];
}

/**
 * One peer connection, negotiated by the perfect-negotiation pattern: either side may offer at any time. Steps run one
 * after the other, so a description never meets a half-done one.
 */
export class PeerLink {
  readonly #connection: HostConnection;
  readonly #options: PeerLinkOptions;
  readonly #relays: RelayWatch;
  readonly #offers: OfferPace;
  readonly #candidates = new CandidateBound();
  readonly #cancels: readonly Cancel[];
  /** Names of tracks that are part of the connection, with the source that each sends. */
  readonly #sending = new Map<string, SentTrack>();
  readonly #receiving = new Set<string>();
  /** Names of sound that carry pictures, and the other way round. */
  readonly #strange = new Set<string>();
  #steps: Promise<void> = Promise.resolve();
  #awaitingAnswer = false;
  /** The one that waits for an answer. */
  #saidOffer: SaidOffer | undefined;
  /** Media sections of what both sides have agreed on. */
  #sections = 0;
  #exchange = 0;
  #ignoredOffer = false;
  #offerWanted = false;
  #restartWanted = false;
  readonly #wear = new RestartWear();
  /** Candidates of a description that was not said yet: the other side has no use for them before. */
  #held: HostIceCandidate[] | undefined;
  #closed = false;

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    const { candidates, pictures = true, ice } = options;
    this.#connection = options.media.createConnection({ candidates, ...(pictures ? {} : { pictures }), ...ice });
    this.#relays = new RelayWatch(options.clock, options.relayFaults);
    this.#relays.begin(options.ice);
    this.#offers = new OfferPace(clockTimers(options.clock));
    const connection = this.#connection;
    this.#cancels = [
      connection.on('candidate', (candidate) => {
        this.#relays.candidate(candidate.candidate);
        if (this.#held === undefined) this.#sayCandidate(candidate);
        else this.#held.push(candidate);
      }),
      connection.on('iceError', (error) => this.#relays.refused(error)),
      () => this.#relays.close(),
      () => this.#offers.close(),
      connection.on('state', (state) => options.onState(state)),
      connection.on('track', ({ name, kind, present }) => {
        this.#judge(name, present && kind !== trackKind(name));
        options.onTrack(name, present);
      }),
      connection.on('packets', ({ received }) => options.onPackets(received)),
      connection.on('audio', (audio) => options.onAudio(audio.name, audio.samples, audio.sampleRate, audio.channels)),
      connection.on('video', ({ name, picture }) => options.onVideo(name, picture)),
    ];
  }

  get awaitingAnswer(): boolean {
    return this.#awaitingAnswer;
  }

  /** Sends exactly these tracks. Another source or other video rates need no negotiation, other settings do. */
  send(tracks: ReadonlyMap<string, SentTrack>): void {
    if (this.#closed) return;
    let negotiate = false;
    for (const [name, sent] of this.#sending) {
      if (tracks.has(name) || sent.source === null) continue;
      this.#connection.replaceTrack(name, null);
      this.#sending.set(name, { ...sent, source: null });
    }
    for (const [name, track] of tracks) {
      const sent = this.#sending.get(name);
      if (sent === undefined && track.source === null) continue;
      if (sent === undefined) this.#add(name, track);
      if (sent === undefined || this.#change(name, sent, silent(track))) negotiate = true;
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
    if (this.#closed || this.#receiving.has(name) === wanted || (wanted && this.#strange.has(name))) return;
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

  /**
   * The last offer may never have arrived: takes it back and makes it anew, with an ICE restart in case it was one. One with new media
   * sections is said once more instead: the engine would give them other names, and a far side whose answer is only late refuses those.
   */
  offerAgain(): void {
    if (!this.#awaitingAnswer) return;
    this.#step(async () => {
      const said = this.#saidOffer;
      if (!this.#awaitingAnswer || said === undefined) return;
      if (sectionsOf(said.description) > this.#sections) return this.#sayAgain(said);
      await this.#takeBack();
      this.#offerWanted = true;
      this.#restartWanted = true;
      await this.#offerIfStable();
    });
  }

  /** Of the tracks that it names as many are taken as a participant may have. */
  description({ type, sdp, tracks }: HostSessionDescription, exchange: number): void {
    const description = { type, sdp, tracks: tracks.slice(0, limits.tracks) };
    if (description.type === 'answer') return this.#step(() => this.#takeAnswer(description, exchange));
    const turn = this.#offers.take(description.sdp);
    this.#step(async () => {
      // Of offers that have to wait only the last one is answered: its sender has taken back the others.
      if (await turn()) await this.#takeOffer(description, exchange);
      else this.#ignoredOffer = true;
    });
  }

  candidate(candidate: HostIceCandidate): void {
    this.#step(async () => {
      if (!this.#candidates.tryTake()) return;
      try {
        await this.#connection.addIceCandidate(candidate);
      } catch (error) {
        // Those of an offer that was ignored or of a generation that a restart replaced.
        if (!this.#closed && !this.#ignoredOffer && !this.#awaitingAnswer) this.#options.report(error);
      }
    });
  }

  /** Whether ICE may be restarted now because the far side wishes it. Counts that it is. */
  tryRestart(): boolean {
    return this.#offers.tryRestart();
  }

  /** Takes effect with the next offer or answer that restarts ICE. */
  setIce(settings: IceSettings): void {
    if (this.#closed) return;
    this.#connection.setIce(settings);
    this.#relays.begin(settings);
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

  /** Pictures under a name of sound would be decoded and handed over for nobody: pictures are only while somebody watches. */
  #judge(name: string, strange: boolean): void {
    if (!strange) return void this.#strange.delete(name);
    this.receive(name, false);
    this.#strange.add(name);
  }

  #add(name: string, track: SentTrack): void {
    if (track.source === null) return;
    if (track.kind === 'audio') this.#connection.addTrack(name, track.source, track.settings);
    else this.#connection.addTrack(name, track.source, track.settings);
    this.#sending.set(name, track);
    if (track.staged === true) this.#replace(name, track, silent(track));
  }

  /** Returns true if that has to be negotiated. */
  #change(name: string, sent: SentTrack, track: SentTrack): boolean {
    if (track.kind === 'audio' && sent.kind === 'audio' && !sameAudio(sent.settings, track.settings)) {
      // The old settings stay with a track that is off, until it is on again.
      if (track.source !== null) {
        this.#connection.removeTrack(name);
        this.#add(name, track);
        return true;
      }
      this.#replace(name, sent, { ...track, settings: sent.settings });
      return false;
    }
    this.#replace(name, sent, track);
    if (track.kind !== 'video' || sent.kind !== 'video' || sameVideo(sent.settings, track.settings)) return false;
    this.#connection.configureTrack(name, track.settings);
    return sent.settings.codec !== track.settings.codec;
  }

  #replace(name: string, sent: SentTrack, track: SentTrack): void {
    if (sent.source !== track.source) this.#connection.replaceTrack(name, track.source);
    this.#sending.set(name, track);
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
    if (iceRestart && !this.#wear.stands()) return this.#options.onUseless();
    await this.#describe(
      async () => {
        const offer = await this.#connection.createOffer({ iceRestart });
        this.#awaitingAnswer = !this.#closed;
        return offer;
      },
      ++this.#exchange,
    );
  }

  /** Makes a description and says it, and after it what candidates came meanwhile. */
  async #describe(
    make: () => Promise<HostSessionDescription>,
    exchange: number,
  ): Promise<HostSessionDescription | undefined> {
    this.#held = [];
    try {
      const description = await make();
      if (this.#closed) return undefined;
      const { type, sdp, tracks } = description;
      const said = { type, sdp: withoutCandidates(sdp), tracks };
      if (type === 'offer') this.#saidOffer = { description: said, exchange, candidates: [] };
      this.#options.sendDescription(said, exchange);
      return description;
    } finally {
      const held = this.#held;
      this.#held = undefined;
      if (!this.#closed) for (const candidate of held) this.#sayCandidate(candidate);
    }
  }

  #sayCandidate(candidate: HostIceCandidate): void {
    this.#saidOffer?.candidates.push(candidate);
    this.#options.sendCandidate(candidate);
  }

  #sayAgain({ description, exchange, candidates }: SaidOffer): void {
    this.#options.sendDescription(description, exchange);
    for (const candidate of candidates) this.#options.sendCandidate(candidate);
  }

  async #takeBack(): Promise<void> {
    await this.#connection.rollback();
    this.#awaitingAnswer = false;
    this.#saidOffer = undefined;
  }

  async #takeOffer(offer: HostSessionDescription, exchange: number): Promise<void> {
    this.#ignoredOffer = this.#awaitingAnswer && !this.#options.polite;
    if (this.#ignoredOffer) return;
    if (!this.#wear.standsOffer(offer.sdp)) return this.#options.onUseless();
    if (this.#awaitingAnswer) await this.#takeBack();
    try {
      await this.#connection.setRemoteDescription(offer);
    } catch (error) {
      if (this.#closed) return;
      this.#options.report(error);
      return this.#options.onUseless();
    }
    this.#candidates.described(offer.sdp);
    const answer = await this.#describe(() => this.#connection.createAnswer(), exchange);
    if (answer === undefined) return;
    this.#sections = sectionsOf(offer);
    // What found no room in the answer, perhaps because our own offer was taken back.
    if ((answer.pending?.length ?? 0) > 0) this.#offerWanted = true;
    await this.#offerIfStable();
  }

  async #takeAnswer(answer: HostSessionDescription, exchange: number): Promise<void> {
    // The answer to an offer that was taken back.
    if (!this.#awaitingAnswer || exchange !== this.#exchange) return;
    await this.#connection.setRemoteDescription(answer);
    this.#candidates.described(answer.sdp);
    this.#sections = sectionsOf(answer);
    this.#awaitingAnswer = false;
    this.#saidOffer = undefined;
    await this.#offerIfStable();
  }
}

function sectionsOf({ sdp }: HostSessionDescription): number {
  return sdp.match(/^m=/gm)?.length ?? 0;
}
