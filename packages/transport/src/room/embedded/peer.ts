import {
  ChangePace,
  LinkGate,
  MediaWatch,
  type PeerBody,
  PeerWishes,
  RestartPace,
  type RoomParticipantInfo,
  type VideoQuality,
} from '@sluice/protocol';
import type { HostConnectionStats, HostIceCandidate } from '../../host/media-host.ts';
import type { RemoteTrackState, SubscriptionState } from '../driver.ts';
import { boundedReport } from './bounded-report.ts';
import { clockTimers } from './clock-timers.ts';
import { PeerCandidates } from './peer-candidates.ts';
import type { PeerContext } from './peer-context.ts';
import { PeerLink } from './peer-link.ts';
import { PeerRights } from './peer-rights.ts';
import { sentTracks } from './sent-tracks.ts';
import { picturesRefused, UnaskedPictures } from './unasked-pictures.ts';
import { WantedTracks } from './wanted-tracks.ts';

/**
 * One remote participant: what it offers, what each side wants of the other, and the peer connection between the two,
 * which exists only while one of them wants something.
 */
export class Peer {
  info: RoomParticipantInfo;
  /** Its socket to the server is gone. */
  detached = false;
  /** The server was restarted and has not seen it again yet. */
  missing = false;
  /** There was a connection with it that worked. */
  established = false;
  readonly #context: PeerContext<Peer>;
  readonly #wanted = new WantedTracks();
  readonly #wishes = new PeerWishes();
  readonly #gate: LinkGate;
  readonly #candidates: PeerCandidates;
  readonly #rights: PeerRights;
  readonly #restarts: RestartPace;
  readonly #report: (error: unknown) => void;
  readonly #wishPace: ChangePace;
  readonly #unasked: UnaskedPictures;
  #link: PeerLink | undefined;
  #watch: MediaWatch | undefined;
  #connected = false;
  /** Its media was told to be interrupted, perhaps by a connection that has been dropped since. */
  #interrupted = false;
  #announcing = false;
  #closed = false;

  constructor(info: RoomParticipantInfo, context: PeerContext<Peer>) {
    this.info = info;
    this.#context = context;
    const timers = clockTimers(context.clock);
    this.#wishPace = new ChangePace(timers);
    this.#unasked = new UnaskedPictures(context.clock);
    this.#report = boundedReport(context.clock, context.report);
    this.#rights = new PeerRights(() => this.info, context.local);
    this.#candidates = new PeerCandidates(info.id, context.clock, context.candidateFilter);
    this.#gate = new LinkGate({ ...timers, take: (body, anew) => this.#take(body, anew) });
    this.#restarts = new RestartPace({
      now: timers.now,
      polite: this.#polite,
      link: () => this.#link,
      wish: () => this.#send({ kind: 'restart', link: this.#gate.ids }),
      rebuild: () => this.rebuild(),
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

  update(info: RoomParticipantInfo): void {
    this.info = info;
    this.#applyReceiving();
    // What it may have of us may be something else now.
    this.#applySending();
  }

  /** What we may receive changed. */
  receivingChanged(): void {
    this.#applyReceiving();
  }

  /** Returns true if that is news. */
  wish(name: string, state: SubscriptionState): boolean {
    if (state === 'subscribed') this.#unasked.ask(name);
    if (!this.#wanted.want(name, state)) return false;
    this.#applyReceiving();
    this.#announce();
    return true;
  }

  limitQuality(name: string, maxQuality: VideoQuality): void {
    if (this.#wanted.limit(name, maxQuality)) this.#announce();
  }

  watch(name: string, watched: boolean): void {
    this.#wanted.watch(name, watched);
    this.#applyReceiving();
  }

  trackState(name: string): RemoteTrackState {
    if (!this.#rights.isOn(name)) return 'off';
    if (!this.#wanted.has(name)) return 'receivable';
    if (this.#interrupted) return 'interrupted';
    return this.#wanted.hasArrived(name) ? 'playable' : 'loading';
  }

  /** Whether it receives one of our tracks. */
  listens(name: string): 'alone' | 'connecting' | 'heard' {
    return this.#rights.mayHave(name) ? this.#wishes.listens(name, this.#connected) : 'alone';
  }

  /** The tracks of this side, or the sources behind them, changed. */
  localTracksChanged(removed?: string): void {
    if (removed !== undefined) this.#link?.remove(removed);
    this.#applySending();
  }

  receive(body: PeerBody): void {
    this.#gate.receive(body);
  }

  /** Says everything again that a server without memory may have lost. */
  refresh(): void {
    this.#announce();
    this.#link?.offerAgain();
  }

  /** The socket to the server is back, so perhaps the network is another one. */
  retry(): void {
    this.#watch?.retry();
  }

  /** Other servers: the way is found anew. */
  iceChanged(): void {
    if (this.#link === undefined) return;
    this.#link.setIce(this.#context.ice());
    this.#restarts.restart();
  }

  /** Our engine died, or the connection is worn: a new connection, which the other side answers with a new one. */
  rebuild(): void {
    this.#gate.renew();
    this.#startAnew();
  }

  /** Undefined where there is no connection, or not any more when it is measured. */
  async stats(): Promise<HostConnectionStats | undefined> {
    const link = this.#link;
    const stats = await link?.stats().catch(() => undefined);
    if (stats !== undefined && link === this.#link && this.#unasked.tooMany(stats.video)) this.#refusePictures();
    return stats;
  }

  close(): void {
    this.#closed = true;
    this.#gate.close();
    this.#wishPace.close();
    this.#dropLink();
  }

  #take(body: PeerBody | undefined, anew: boolean): void {
    if (anew) this.#startAnew();
    if (body === undefined) return;
    if (body.kind === 'subscribe') {
      if (!this.#wishes.subscribe(body) && !anew) return;
      this.#wishPace.ask(() => this.#applySending());
      this.#context.onListening();
    } else if (body.kind === 'quality') {
      if (this.#wishes.limit(body)) this.#wishPace.ask(() => this.#applySending());
    } else if (body.kind === 'restart') this.#restarts.wished();
    else if (body.kind === 'description') this.#ensureLink().description(body.description, body.exchange);
    else this.#takeCandidate(body.candidate);
  }

  #startAnew(): void {
    this.#dropLink();
    this.#wanted.forgetArrived();
    this.#announce();
    this.#applySending();
  }

  /** It makes the engine decode what nobody asked for: only a connection without any pictures keeps it from that. */
  #refusePictures(): void {
    if (!this.#rights.pictures) return;
    this.#rights.refusePictures();
    this.#report(picturesRefused(this.info.id));
    this.rebuild();
    this.#context.onTrackState(this);
  }

  #dropLink(): void {
    this.#unasked.begin();
    this.#watch?.close();
    this.#link?.close();
    this.#watch = undefined;
    this.#link = undefined;
    this.#connected = false;
  }

  #send(body: PeerBody): void {
    if (!this.#closed) this.#context.send(this.info.id, body);
  }

  /** Says what is wanted; many wishes of one moment become one message. */
  #announce(): void {
    if (this.#announcing) return;
    this.#announcing = true;
    queueMicrotask(() => {
      this.#announcing = false;
      // Before the wishes, so that no better quality is sent meanwhile.
      const qualities = this.#wanted.qualities;
      if (qualities !== undefined) this.#send({ kind: 'quality', link: this.#gate.ids, tracks: qualities });
      const mayBe = (name: string) => this.#rights.mayBe(name);
      const names = this.#wanted.names.filter(mayBe);
      const staged = this.#wanted.staged.filter(mayBe);
      const link = this.#gate.ids;
      this.#send({ kind: 'subscribe', link, tracks: names, ...(staged.length > 0 && { staged }) });
    });
  }

  #applySending(): void {
    const tracks = sentTracks(this.#context.localTracks(), this.#wishes, (name) => this.#rights.mayHave(name));
    const sends = [...tracks.values()].some(({ source }) => source !== null);
    if (this.#link === undefined && !sends) return;
    this.#ensureLink().send(tracks);
  }

  #applyReceiving(): void {
    this.#wanted.keepArrived((name) => this.#rights.isOn(name));
    for (const { name } of this.info.tracks)
      this.#link?.receive(name, this.#rights.mayTake(name) && this.#wanted.receives(name));
    const expected = this.info.tracks.some(
      ({ name, enabled, continuous }) => enabled && continuous && this.#wanted.has(name) && this.#rights.mayTake(name),
    );
    this.#watch?.expect(expected);
  }

  #ensureLink(): PeerLink {
    if (this.#link !== undefined) return this.#link;
    const context = this.#context;
    const watch = new MediaWatch({
      ...clockTimers(context.clock),
      restart: () => this.#restarts.restart(),
      onChange: (state) => this.#passes(state),
    });
    const link = new PeerLink({
      media: context.media,
      candidates: context.candidates,
      ice: context.ice(),
      pictures: this.#rights.pictures,
      clock: context.clock,
      polite: this.#polite,
      sendDescription: (description, exchange) => {
        const tracks = description.tracks.map(({ mid, name }) => ({ mid, name }));
        this.#send({ kind: 'description', link: this.#gate.ids, exchange, description: { ...description, tracks } });
      },
      sendCandidate: (candidate) => this.#sendCandidate(candidate),
      onAudio: (name, samples, sampleRate, channels) => {
        if (!this.#wanted.has(name) || !this.#rights.isOpen(name) || !watch.hears(samples)) return;
        this.#arrives(name);
        context.onAudio(this, name, samples, sampleRate, channels);
      },
      onVideo: (name, picture) => {
        if (!this.#wanted.has(name) || !this.#rights.isOpen(name)) return;
        this.#arrives(name);
        context.onVideo(this, name, picture);
      },
      onTrack: () => this.#applyReceiving(),
      onPackets: (received) => watch.packets(received),
      onState: (state) => {
        watch.state(state);
        this.#connected = state === 'connected';
        this.established ||= this.#connected;
        // After another connection, whose cut this one has mended.
        if (this.#connected && this.#interrupted && !watch.broken) this.#passes('connected');
        context.onListening();
      },
      onUseless: () => this.#restarts.rebuild(),
      relayFaults: context.relayFaults,
      report: this.#report,
    });
    this.#watch = watch;
    this.#link = link;
    this.#applyReceiving();
    return link;
  }

  get #polite(): boolean {
    return this.#context.localId > this.info.id;
  }

  #passes(state: 'interrupted' | 'connected'): void {
    this.#interrupted = state === 'interrupted';
    this.#context.onConnection(this, state);
  }

  #arrives(name: string): void {
    // The engine goes on with silence for a track that is off.
    if (this.#wanted.hasArrived(name) || !this.#rights.isOn(name)) return;
    this.#wanted.arrived(name);
    this.#applyReceiving();
    this.#context.onTrackState(this);
  }

  #sendCandidate(candidate: HostIceCandidate): void {
    const sent = this.#candidates.outgoing(candidate);
    if (sent !== null) this.#send({ kind: 'candidate', link: this.#gate.ids, candidate: sent });
  }

  #takeCandidate(candidate: HostIceCandidate): void {
    const taken = this.#candidates.incoming(candidate);
    if (taken !== null) this.#link?.candidate(taken);
  }
}
