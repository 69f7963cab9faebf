import {
  bodyFault,
  LinkGate,
  mayReceive,
  type PeerBody,
  type RoomParticipantInfo,
  trackKind,
  type VideoQuality,
} from '@sluice/protocol';
import { Link } from './link.ts';
import { pageTimers } from './page-timers.ts';

/** How long a connection may be without its partner before a new way is looked for, and how often then. Milliseconds. */
const BROKEN_MS = 1_500;
const RESTART_MS = 4_000;
/** Both sides notice a cut at about the same time: two restarts within this time are one. Milliseconds. */
const RESTART_SPACING_MS = 400;
/** A connection is begun anew of our own accord no more often than this, in milliseconds. */
const REBUILD_SPACING_MS = 2_000;

export interface PeerContext {
  readonly localId: string;
  /** This side, as the room knows it. */
  readonly local: () => RoomParticipantInfo;
  /** What we may send, by name; null while it is off. */
  readonly localTracks: () => ReadonlyMap<string, MediaStreamTrack | null>;
  readonly send: (to: string, body: PeerBody) => void;
  /** Its tracks, or the state of one, changed. */
  readonly changed: (peer: Peer) => void;
}

/** What a remote track does. */
export type TrackState = 'off' | 'loading' | 'playable' | 'interrupted';

/** One remote participant, and the connection between the two, which exists only while one of them sends something. */
export class Peer {
  info: RoomParticipantInfo;
  readonly #context: PeerContext;
  readonly #gate = new LinkGate({ ...pageTimers, take: (body, anew) => this.#takeBody(body, anew) });
  #link: Link | undefined;
  #received: ReadonlyMap<string, MediaStreamTrack> = new Map();
  #wishes: ReadonlySet<string> = new Set();
  /** To be negotiated, so that they can begin at once; not sent. */
  #staged: ReadonlySet<string> = new Set();
  #limits: ReadonlyMap<string, VideoQuality> = new Map();
  #timer = 0;
  #restartedAt = Number.NEGATIVE_INFINITY;
  #rebuiltAt = Number.NEGATIVE_INFINITY;
  #announced = '';

  constructor(info: RoomParticipantInfo, context: PeerContext) {
    this.info = info;
    this.#context = context;
    this.#announce();
  }

  /** Whether media may pass now. */
  get alive(): boolean {
    return this.#link?.connection.connectionState === 'connected';
  }

  /** Undefined where there is no connection. */
  get connection(): RTCPeerConnection | undefined {
    return this.#link?.connection;
  }

  update(info: RoomParticipantInfo): void {
    this.info = info;
    this.#announce();
    // What it may have of us may be something else now.
    this.applySending();
  }

  /** What arrives under a name. */
  track(name: string): MediaStreamTrack | undefined {
    return this.#received.get(name);
  }

  trackState(name: string): TrackState {
    const announced = this.info.tracks.find((track) => track.name === name);
    if (announced?.enabled !== true || !this.#mayTake(name)) return 'off';
    const state = this.#link?.connection.connectionState;
    if (state === 'disconnected' || state === 'failed') return 'interrupted';
    const track = this.#received.get(name);
    return track !== undefined && !track.muted ? 'playable' : 'loading';
  }

  receive(body: PeerBody): void {
    this.#gate.receive(body);
  }

  /** Our tracks changed, or what the other side wants of them. */
  applySending(): void {
    const tracks = new Map<string, MediaStreamTrack | null>();
    const staged = new Set<string>();
    for (const [name, track] of this.#context.localTracks()) {
      if (!this.#mayHave(name)) continue;
      if (this.#wishes.has(name)) tracks.set(name, track);
      else if (this.#staged.has(name) && track !== null) staged.add(name);
    }
    const sends = staged.size > 0 || [...tracks.values()].some((track) => track !== null);
    if (this.#link === undefined && !sends) return;
    const link = this.#ensureLink();
    link.send(tracks, staged);
    for (const name of tracks.keys()) link.limit(name, this.#limits.get(name) ?? 'high');
  }

  /** Says everything again that a server without memory may have lost. */
  refresh(): void {
    this.#announced = '';
    this.#announce();
    this.#link?.offerAgain();
  }

  /** The socket to the server is back, so perhaps the network is another one. */
  retry(): void {
    const state = this.#link?.connection.connectionState;
    if (state === 'disconnected' || state === 'failed') this.#restart();
  }

  close(): void {
    this.#gate.close();
    this.#drop();
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#link?.close();
    this.#link = undefined;
  }

  /** Whether this participant may have a track of ours. */
  #mayHave(name: string): boolean {
    return mayReceive(this.info.permissions, this.#context.local(), name);
  }

  /** Whether we may have a track of it. */
  #mayTake(name: string): boolean {
    return mayReceive(this.#context.local().permissions, this.info, name);
  }

  /** Says that we want whatever it announces. */
  #announce(): void {
    const tracks = this.info.tracks.map(({ name }) => name);
    const key = tracks.join();
    if (key === this.#announced && tracks.length > 0) return;
    this.#announced = key;
    this.#send({ kind: 'subscribe', link: this.#gate.ids, tracks });
  }

  /** What the server would refuse, and end our call for, is not said: odd offers make odd answers. */
  #send(body: PeerBody): void {
    const fault = bodyFault(body);
    if (fault === undefined) this.#context.send(this.info.id, body);
    else console.warn(`nothing can be agreed with ${this.info.id}`, fault);
  }

  #takeBody(body: PeerBody | undefined, anew: boolean): void {
    if (anew) this.#startAnew();
    if (body === undefined) return;
    if (body.kind === 'subscribe') {
      this.#wishes = new Set(body.tracks);
      this.#staged = new Set(body.staged);
      this.applySending();
    } else if (body.kind === 'quality') {
      this.#limits = new Map(body.tracks.map(({ name, maxQuality }) => [name, maxQuality]));
      this.applySending();
    } else if (body.kind === 'restart') this.#restartWished();
    else if (body.kind === 'description') this.#ensureLink().description(body.description, body.exchange);
    else this.#ensureLink().candidate(body.candidate);
  }

  #startAnew(): void {
    this.#drop();
    this.#received = new Map();
    this.#announced = '';
    this.#announce();
    this.applySending();
  }

  /** A new connection, which the other side answers with a new one. */
  #rebuild(): void {
    const now = performance.now();
    if (now - this.#rebuiltAt < REBUILD_SPACING_MS) return;
    this.#rebuiltAt = now;
    this.#gate.renew();
    this.#startAnew();
  }

  #ensureLink(): Link {
    this.#link ??= new Link(this.#context.localId > this.info.id, {
      sendDescription: (description, exchange) =>
        this.#send({ kind: 'description', link: this.#gate.ids, exchange, description }),
      sendCandidate: (candidate) => this.#send({ kind: 'candidate', link: this.#gate.ids, candidate }),
      tracks: (tracks) => this.#take(tracks),
      state: (state) => this.#stateChanged(state),
      useless: () => this.#rebuild(),
    });
    return this.#link;
  }

  #take(tracks: ReadonlyMap<string, MediaStreamTrack>): void {
    this.#received = tracks;
    const changed = () => this.#context.changed(this);
    for (const [name, track] of tracks) {
      // A track that another kind was announced for is not what it says.
      if (track.kind !== trackKind(name)) continue;
      track.onmute = changed;
      track.onunmute = changed;
      track.onended = changed;
    }
    changed();
  }

  #stateChanged(state: RTCPeerConnectionState): void {
    clearTimeout(this.#timer);
    if (state === 'disconnected') this.#timer = window.setTimeout(() => this.#restart(), BROKEN_MS);
    if (state === 'failed') this.#restart();
    this.#context.changed(this);
  }

  /** Only one side makes the offers that restart ICE, so that two restarts never cross. */
  #restart(): void {
    clearTimeout(this.#timer);
    if (this.#link === undefined || this.alive) return;
    if (this.#context.localId > this.info.id) this.#send({ kind: 'restart', link: this.#gate.ids });
    else this.#offerRestart();
    this.#timer = window.setTimeout(() => this.#restart(), RESTART_MS);
  }

  #restartWished(): void {
    if (this.#link?.tryRestart() === true) this.#offerRestart();
  }

  #offerRestart(): void {
    const now = performance.now();
    if (now - this.#restartedAt < RESTART_SPACING_MS) return;
    this.#restartedAt = now;
    if (this.#link?.awaitingAnswer === true) this.#link.offerAgain();
    else this.#link?.offer({ iceRestart: true });
  }
}
