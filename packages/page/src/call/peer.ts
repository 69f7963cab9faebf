import {
  bodyFault,
  ChangePace,
  LinkGate,
  MediaWatch,
  mayReceive,
  type PeerBody,
  PeerWishes,
  RestartPace,
  type RoomParticipantInfo,
  trackKind,
} from '@sluice/protocol';
import { Arrivals } from './arrivals.ts';
import { Link } from './link.ts';
import { pageTimers } from './page-timers.ts';

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
  readonly #wishes = new PeerWishes();
  readonly #wishPace = new ChangePace(pageTimers);
  readonly #restarts: RestartPace;
  /** There was a connection with it that worked. */
  established = false;
  #link: Link | undefined;
  #watch: MediaWatch | undefined;
  #arrivals: Arrivals | undefined;
  #received: ReadonlyMap<string, MediaStreamTrack> = new Map();
  #announced = '';

  constructor(info: RoomParticipantInfo, context: PeerContext) {
    this.info = info;
    this.#context = context;
    this.#restarts = new RestartPace({
      now: pageTimers.now,
      polite: this.#polite,
      link: () => this.#link,
      wish: () => this.#send({ kind: 'restart', link: this.#gate.ids }),
      rebuild: () => this.#rebuild(),
    });
    this.#announce();
  }

  /** Whether it is still there, as far as media tells. */
  get alive(): boolean {
    return this.#watch?.alive ?? false;
  }

  /** A connection exists, or is being made. */
  get linked(): boolean {
    return this.#link !== undefined;
  }

  /** Undefined where there is no connection. */
  get connection(): RTCPeerConnection | undefined {
    return this.#link?.connection;
  }

  update(info: RoomParticipantInfo): void {
    this.info = info;
    this.#announce();
    this.#expect();
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
    if (this.#watch?.broken === true) return 'interrupted';
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
      else if (this.#wishes.stages(name) && track !== null) staged.add(name);
    }
    const sends = staged.size > 0 || [...tracks.values()].some((track) => track !== null);
    if (this.#link === undefined && !sends) return;
    const link = this.#ensureLink();
    link.send(tracks, staged);
    for (const name of tracks.keys()) link.limit(name, this.#wishes.qualityOf(name));
  }

  /** Says everything again that a server without memory may have lost. */
  refresh(): void {
    this.#announced = '';
    this.#announce();
    this.#link?.offerAgain();
  }

  /** The socket to the server is back, so perhaps the network is another one. */
  retry(): void {
    this.#watch?.retry();
  }

  /** What we may receive may be something else now. */
  receivingChanged(): void {
    this.#expect();
  }

  close(): void {
    this.#gate.close();
    this.#wishPace.close();
    this.#drop();
  }

  #drop(): void {
    this.#watch?.close();
    this.#arrivals?.close();
    this.#link?.close();
    this.#watch = undefined;
    this.#arrivals = undefined;
    this.#link = undefined;
  }

  get #polite(): boolean {
    return this.#context.localId > this.info.id;
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
      if (this.#wishes.subscribe(body) || anew) this.#wishPace.ask(() => this.applySending());
    } else if (body.kind === 'quality') {
      if (this.#wishes.limit(body)) this.#wishPace.ask(() => this.applySending());
    } else if (body.kind === 'restart') this.#restarts.wished();
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
    this.#gate.renew();
    this.#startAnew();
  }

  #ensureLink(): Link {
    if (this.#link !== undefined) return this.#link;
    const watch = new MediaWatch({
      ...pageTimers,
      restart: () => this.#restarts.restart(),
      onChange: () => this.#context.changed(this),
    });
    const link = new Link(this.#polite, {
      sendDescription: (description, exchange) =>
        this.#send({ kind: 'description', link: this.#gate.ids, exchange, description }),
      sendCandidate: (candidate) => this.#send({ kind: 'candidate', link: this.#gate.ids, candidate }),
      tracks: (tracks) => this.#take(tracks),
      state: (state) => {
        this.established ||= state === 'connected';
        watch.state(state);
        this.#context.changed(this);
      },
      useless: () => this.#restarts.rebuild(),
    });
    this.#arrivals = new Arrivals(
      () => link.connection,
      (looks) => watch.packets(looks),
    );
    this.#watch = watch;
    this.#link = link;
    this.#expect();
    return link;
  }

  /** Whether packets come all the time, if the path is whole. */
  #expect(): void {
    const sends = this.info.tracks.some(
      ({ name, enabled, continuous }) => enabled && continuous && this.#mayTake(name),
    );
    this.#watch?.expect(sends);
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
}
