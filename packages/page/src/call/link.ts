import {
  CandidateBound,
  limits,
  mediaSections,
  OfferPace,
  type PeerBody,
  RestartWear,
  trackKind,
  type VideoQuality,
  withoutCandidates,
} from '@sluice/protocol';
import { pageTimers } from './page-timers.ts';
import { withStereo } from './stereo.ts';

type Description = Extract<PeerBody, { kind: 'description' }>['description'];
type Candidate = Extract<PeerBody, { kind: 'candidate' }>['candidate'];

/** What a picture is sent with for each quality that somebody wants: bits per second, and by what its sides are divided. */
const QUALITIES: Readonly<Record<VideoQuality, RTCRtpEncodingParameters>> = {
  low: { maxBitrate: 150_000, scaleResolutionDownBy: 4 },
  medium: { maxBitrate: 500_000, scaleResolutionDownBy: 2 },
  high: { maxBitrate: 1_700_000, scaleResolutionDownBy: 1 },
};

/** The most candidates that are kept of an offer that waits. */
const MOST_KEPT = 64;

export interface LinkHandlers {
  readonly sendDescription: (description: Description, exchange: number) => void;
  readonly sendCandidate: (candidate: Candidate) => void;
  /** The tracks that the far side sends, by name, after each negotiation. */
  readonly tracks: (tracks: ReadonlyMap<string, MediaStreamTrack>) => void;
  readonly state: (state: RTCPeerConnectionState) => void;
  /**
   * A new connection is better than this one: the browser refuses what the far side offers, so the two no longer mean the same, or
   * ICE was restarted so often that what it has opened has to be given back.
   */
  readonly useless: () => void;
}

/** An offer that waits for its answer. */
interface SaidOffer {
  readonly description: Description;
  readonly exchange: number;
}

/**
 * One peer connection, negotiated by the perfect-negotiation pattern: either side may offer at any time. Steps run one
 * after the other. What is sent has m-lines of its own, so an answer never has to find room for it.
 */
export class Link {
  #connection: RTCPeerConnection;
  readonly #handlers: LinkHandlers;
  readonly #polite: boolean;
  readonly #offers = new OfferPace(pageTimers);
  readonly #candidates = new CandidateBound();
  readonly #wear = new RestartWear();
  readonly #sending = new Map<string, RTCRtpTransceiver>();
  readonly #qualities = new Map<string, VideoQuality>();
  #remote: Description | undefined;
  /** Candidates that came before any description: engines find them faster than they make an offer. */
  readonly #early: Candidate[] = [];
  #steps: Promise<void> = Promise.resolve();
  #saidOffer: SaidOffer | undefined;
  /** Candidates since the last offer was begun. */
  #found: Candidate[] = [];
  #exchange = 0;
  #offerWanted = false;
  #restartWanted = false;
  #closed = false;

  /** @param polite of two offers that cross, the polite side's gives way. */
  constructor(polite: boolean, handlers: LinkHandlers) {
    this.#polite = polite;
    this.#handlers = handlers;
    this.#connection = this.#open();
  }

  get connection(): RTCPeerConnection {
    return this.#connection;
  }

  get awaitingAnswer(): boolean {
    return this.#saidOffer !== undefined;
  }

  /** Sends exactly these; null under a name keeps its place without media, and those that are staged get one. */
  send(tracks: ReadonlyMap<string, MediaStreamTrack | null>, staged: ReadonlySet<string> = new Set()): void {
    for (const [name, transceiver] of this.#sending) if (!tracks.has(name)) void transceiver.sender.replaceTrack(null);
    let negotiate = false;
    for (const [name, track] of tracks) {
      const transceiver = this.#sending.get(name);
      if (transceiver !== undefined) void transceiver.sender.replaceTrack(track);
      else if (track !== null) {
        this.#add(name, track);
        negotiate = true;
      }
    }
    for (const name of staged) {
      if (this.#sending.has(name)) continue;
      this.#add(name, trackKind(name));
      negotiate = true;
    }
    if (negotiate) this.offer();
  }

  /** The best quality that the far side wants of a track. */
  limit(name: string, quality: VideoQuality): void {
    if (!this.#sending.has(name) || trackKind(name) === 'audio' || this.#qualities.get(name) === quality) return;
    this.#qualities.set(name, quality);
    this.#step(() => this.#limit(name));
  }

  /** Makes an offer as soon as nothing else is under way; several wishes become one offer. */
  offer({ iceRestart = false } = {}): void {
    this.#restartWanted ||= iceRestart;
    if (this.#offerWanted) return;
    this.#offerWanted = true;
    this.#step(() => this.#offerIfStable());
  }

  /**
   * The last offer may never have arrived: takes it back and makes it anew. One with new media sections is said once more instead: they
   * would have other names, which a far side whose answer is only late refuses.
   */
  offerAgain(): void {
    if (!this.awaitingAnswer) return;
    this.#step(async () => {
      const said = this.#saidOffer;
      if (said === undefined) return;
      if (mediaSections(said.description.sdp) > mediaSections(this.#remote?.sdp ?? '')) return this.#sayAgain(said);
      await this.#takeBack();
      this.#offerWanted = true;
      this.#restartWanted = true;
      await this.#offerIfStable();
    });
  }

  description(description: Description, exchange: number): void {
    if (description.type === 'answer') return this.#step(() => this.#takeAnswer(description, exchange));
    const turn = this.#offers.take(description.sdp);
    this.#step(async () => {
      if (await turn()) await this.#takeOffer(description, exchange);
    });
  }

  candidate(candidate: Candidate): void {
    this.#step(async () => {
      if (!this.#candidates.tryTake()) return;
      if (this.#remote === undefined) this.#early.push(candidate);
      else await this.#addCandidate(candidate);
    });
  }

  /** Whether ICE may be restarted now because the far side wishes it. Counts that it is. */
  tryRestart(): boolean {
    return this.#offers.tryRestart();
  }

  close(): void {
    this.#closed = true;
    this.#offers.close();
    this.connection.close();
  }

  #open(): RTCPeerConnection {
    const connection = new RTCPeerConnection();
    connection.onicecandidate = ({ candidate }) => {
      // The last one, which is empty, says that there are no more.
      if (candidate === null || candidate.candidate === '') return;
      const { candidate: line, sdpMid, sdpMLineIndex, usernameFragment } = candidate;
      const found = { candidate: line, sdpMid, sdpMLineIndex, usernameFragment };
      if (this.#found.length < MOST_KEPT) this.#found.push(found);
      this.#handlers.sendCandidate(found);
    };
    connection.onconnectionstatechange = () => this.#handlers.state(connection.connectionState);
    return connection;
  }

  /**
   * Takes back the offer that waits for an answer. Chromium, whose first offer is taken back before it knows its networks,
   * never finds a candidate again: a connection on which nothing was agreed is made anew instead.
   */
  async #takeBack(): Promise<void> {
    if (this.#remote === undefined) this.#renew();
    else await this.connection.setLocalDescription({ type: 'rollback' });
    this.#saidOffer = undefined;
  }

  #renew(): void {
    this.connection.close();
    this.#connection = this.#open();
    for (const [name, { sender }] of [...this.#sending]) this.#add(name, sender.track ?? trackKind(name));
    for (const name of this.#qualities.keys()) this.#step(() => this.#limit(name));
  }

  async #limit(name: string): Promise<void> {
    const { sender } = this.#sending.get(name)!;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) Object.assign(encoding, QUALITIES[this.#qualities.get(name)!]);
    if (parameters.encodings.length > 0) await sender.setParameters(parameters);
  }

  #add(name: string, track: MediaStreamTrack | 'audio' | 'video'): void {
    this.#sending.set(name, this.connection.addTransceiver(track, { direction: 'sendonly' }));
  }

  #step(step: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return;
      try {
        await step();
      } catch (error) {
        if (!this.#closed) console.warn('a step of the negotiation failed', error);
      }
    });
  }

  async #offerIfStable(): Promise<void> {
    // Asked for again by the answer.
    if (this.awaitingAnswer || !this.#offerWanted) return;
    this.#offerWanted = false;
    const iceRestart = this.#restartWanted;
    this.#restartWanted = false;
    if (iceRestart && !this.#wear.stands()) return this.#handlers.useless();
    const offer = await this.connection.createOffer({ iceRestart });
    const sdp = withStereo(offer.sdp ?? '', this.#remote?.sdp ?? '');
    this.#found = [];
    await this.connection.setLocalDescription({ type: 'offer', sdp });
    const exchange = ++this.#exchange;
    this.#saidOffer = { description: this.#say('offer', exchange), exchange };
  }

  async #takeOffer(offer: Description, exchange: number): Promise<void> {
    if (this.awaitingAnswer && !this.#polite) return;
    if (!this.#wear.standsOffer(offer.sdp)) return this.#handlers.useless();
    if (this.awaitingAnswer) {
      await this.#takeBack();
      // What it was for is still wanted.
      this.#offerWanted = true;
    }
    try {
      await this.#takeRemote(offer);
    } catch (error) {
      if (!this.#closed) this.#handlers.useless();
      throw error;
    }
    const answer = await this.connection.createAnswer();
    await this.connection.setLocalDescription({ type: 'answer', sdp: withStereo(answer.sdp ?? '', offer.sdp) });
    this.#say('answer', exchange);
    await this.#offerIfStable();
  }

  async #takeAnswer(answer: Description, exchange: number): Promise<void> {
    // The answer to an offer that was taken back.
    if (!this.awaitingAnswer || exchange !== this.#exchange) return;
    await this.#takeRemote(answer);
    this.#saidOffer = undefined;
    await this.#offerIfStable();
  }

  async #takeRemote(description: Description): Promise<void> {
    await this.connection.setRemoteDescription({ type: description.type, sdp: description.sdp });
    this.#remote = description;
    this.#candidates.described(description.sdp);
    for (const candidate of this.#early.splice(0)) await this.#addCandidate(candidate);
    const received = new Map<string, RTCRtpTransceiver>();
    for (const { mid, name } of description.tracks.slice(0, limits.tracks)) {
      const transceiver = this.connection.getTransceivers().find((one) => one.mid === mid);
      if (transceiver !== undefined) received.set(name, transceiver);
    }
    this.#refuseNameless(new Set(received.values()));
    this.#handlers.tracks(new Map([...received].map(([name, { receiver }]) => [name, receiver.track])));
  }

  /** What has no name, or one that another has, or is too much, would be decoded for nobody. */
  #refuseNameless(received: ReadonlySet<RTCRtpTransceiver>): void {
    const own = new Set(this.#sending.values());
    for (const transceiver of this.connection.getTransceivers()) {
      if (own.has(transceiver) || transceiver.currentDirection === 'stopped') continue;
      transceiver.direction = received.has(transceiver) ? 'recvonly' : 'inactive';
    }
  }

  /** One of an offer that was ignored, or of a generation that is gone, is refused, and nothing is lost by it. */
  async #addCandidate(candidate: Candidate): Promise<void> {
    await this.connection.addIceCandidate(candidate).catch(() => {});
  }

  #say(type: 'offer' | 'answer', exchange: number): Description {
    const sdp = withoutCandidates(this.connection.localDescription?.sdp ?? '');
    const tracks = [...this.#sending].flatMap(([name, { mid }]) => (mid === null ? [] : [{ mid, name }]));
    const description: Description = { type, sdp, tracks };
    this.#handlers.sendDescription(description, exchange);
    return description;
  }

  #sayAgain({ description, exchange }: SaidOffer): void {
    this.#handlers.sendDescription(description, exchange);
    for (const candidate of this.#found) this.#handlers.sendCandidate(candidate);
  }
}
