// The driver of embedded rooms: signalling, and one peer connection to each participant. Nothing of the server or of
// a call.

import type { Cancel } from '@sluice/core';
import type { Ask, Grant, RoomInfo, RoomParticipantInfo, RoomTrackInfo, VideoQuality } from '@sluice/protocol';
import { EventEmitter } from '../../event-emitter.ts';
import type { HostConnectionStats } from '../../host/media-host.ts';
import type {
  LocalTrack,
  RemoteTrackState,
  RoomJoin,
  RoomNews,
  RoomParticipant,
  RoomSession,
  RoomSessionEvents,
  SubscriptionState,
} from '../driver.ts';
import { isLoopbackHost } from '../protocol/upgrade-policy.ts';
import { Absentees } from './absentees.ts';
import { Asks } from './asks.ts';
import { LevelReporter } from './level-reporter.ts';
import { Peer, type PeerContext } from './peer.ts';
import { RoomServicesState } from './room-services-state.ts';
import { SessionWishes } from './session-wishes.ts';
import { type SessionMessage, Signalling, type Welcome } from './signalling.ts';

/** Opens a session with an embedded room server: signalling through it, media directly between the participants. */
export async function joinEmbeddedRoom(join: RoomJoin): Promise<RoomSession> {
  const tracks = new Map(join.tracks);
  let session: EmbeddedSession | undefined;
  const { signalling, welcome } = await Signalling.join({
    url: join.url,
    clock: join.clock,
    signal: join.signal,
    onWaiting: join.onWaiting,
    introduction: () => ({
      userName: session?.local.userName ?? join.userName,
      ...userDataOf(session?.local.userData ?? join.userData),
      tracks: announce(session?.tracks ?? tracks),
      ...(join.token === undefined ? {} : { token: join.token }),
    }),
  });
  session = new EmbeddedSession(join, signalling, welcome, tracks);
  return session;
}

function userDataOf(userData: unknown): { userData?: NonNullable<unknown> } {
  return userData === undefined || userData === null ? {} : { userData };
}

function announce(tracks: ReadonlyMap<string, LocalTrack>): RoomTrackInfo[] {
  return [...tracks].map(([name, { source, continuous, ignoreLevel }]) => ({
    name,
    enabled: source !== null,
    continuous: continuous && source !== null,
    ignoreLevel,
  }));
}

class EmbeddedSession implements RoomSession {
  meetingId: string;
  local: RoomParticipantInfo;
  activeSpeaker: string | null;
  room: RoomInfo;
  readonly tracks: Map<string, LocalTrack>;
  readonly #asks: Asks;
  readonly #services: RoomServicesState;
  readonly #join: RoomJoin;
  readonly #signalling: Signalling;
  readonly #context: PeerContext;
  readonly #peers = new Map<string, Peer>();
  readonly #participants = new Map<string, RoomParticipant>();
  readonly #wishes = new SessionWishes();
  readonly #events: EventEmitter<RoomSessionEvents>;
  readonly #levels: LevelReporter;
  readonly #cancelDown: Cancel;
  readonly #absentees: Absentees;
  #over = false;

  constructor(join: RoomJoin, signalling: Signalling, welcome: Welcome, tracks: Map<string, LocalTrack>) {
    this.#join = join;
    this.#signalling = signalling;
    this.tracks = tracks;
    this.meetingId = welcome.session;
    this.local = welcome.you;
    this.room = welcome.room;
    this.#services = new RoomServicesState(welcome);
    this.#asks = new Asks((message) => signalling.send(message));
    this.activeSpeaker = welcome.activeSpeaker;
    this.#events = new EventEmitter((error) => join.report(error));
    this.#levels = new LevelReporter(join.clock, (levels) => signalling.send({ type: 'levels', levels }));
    this.#context = this.#peerContext();
    this.#absentees = new Absentees({
      clock: join.clock,
      peers: this.#peers,
      alive: (ids) => signalling.send({ type: 'alive', ids }),
      lost: (id) => this.#left(id, 'lost'),
    });
    for (const participant of welcome.participants) this.#add(participant);
    this.#cancelDown = join.media.onDown(() => {
      // The sources died with the engine; their owner publishes new ones.
      for (const [name, track] of this.tracks) this.tracks.set(name, { ...track, source: null });
      for (const peer of this.#peers.values()) peer.rebuild();
    });
    signalling.start({
      message: (message) => this.#take(message),
      state: (state) => {
        if (state === 'connected') for (const peer of this.#peers.values()) peer.retry();
        this.#events.emit('connection', { kind: 'signalling', state });
      },
      rejoined: (again) => this.#rejoined(again),
      lost: (error) => {
        this.#asks.end(error);
        this.#dispose();
        this.#events.emit('lost', error);
      },
    });
  }

  get participants(): ReadonlyMap<string, RoomParticipant> {
    return this.#participants;
  }

  get recordings(): RoomSession['recordings'] {
    return this.#services.recordings;
  }

  get transcriptions(): RoomSession['transcriptions'] {
    return this.#services.transcriptions;
  }

  get waiting(): RoomSession['waiting'] {
    return this.#services.waiting;
  }

  setUserName(userName: string): void {
    this.#setLocal({ userName });
    this.#signalling.send({ type: 'update', userName });
  }

  setUserData(userData: unknown): void {
    this.#setLocal(userDataOf(userData));
    this.#signalling.send({ type: 'update', ...userDataOf(userData) });
  }

  ask(ask: Ask): Promise<Grant> {
    return this.#asks.ask(ask);
  }

  publish(name: string, track: LocalTrack): void {
    this.tracks.set(name, track);
    this.#announceTracks();
  }

  unpublish(name: string): void {
    if (this.tracks.delete(name)) this.#announceTracks(name);
  }

  subscribe(participantId: string, name: string, state: SubscriptionState): void {
    this.#wishes.subscribe(participantId, name, state);
    const peer = this.#peers.get(participantId);
    if (peer?.wish(name, state) === true) this.#changed(peer);
  }

  limitQuality(participantId: string, name: string, maxQuality: VideoQuality): void {
    this.#wishes.limit(participantId, name, maxQuality);
    this.#peers.get(participantId)?.limitQuality(name, maxQuality);
  }

  watch(participantId: string, name: string, watched: boolean): void {
    this.#wishes.watch(participantId, name, watched);
    this.#peers.get(participantId)?.watch(name, watched);
  }

  trackListeners(name: string): 'alone' | 'connecting' | 'heard' {
    let connecting = false;
    for (const peer of this.#peers.values()) {
      const listens = peer.listens(name);
      if (listens === 'heard') return 'heard';
      connecting ||= listens === 'connecting';
    }
    return connecting ? 'connecting' : 'alone';
  }

  trackState(participantId: string, name: string): RemoteTrackState {
    return this.#peers.get(participantId)?.trackState(name) ?? 'off';
  }

  async stats(): Promise<readonly HostConnectionStats[]> {
    const all = await Promise.all([...this.#peers.values()].map((peer) => peer.stats()));
    return all.filter((one) => one !== undefined);
  }

  on<K extends keyof RoomSessionEvents>(event: K, listener: (data: RoomSessionEvents[K]) => void): Cancel {
    return this.#events.on(event, listener);
  }

  async leave(): Promise<void> {
    this.#signalling.leave();
    this.#asks.end(undefined);
    this.#dispose();
  }

  #peerContext(): PeerContext {
    const { media, clock, url, report, candidateFilter } = this.#join;
    return {
      localId: this.local.id,
      media,
      clock,
      candidates: isLoopbackHost(url.hostname) ? 'loopback' : 'all',
      localTracks: this.tracks,
      candidateFilter: candidateFilter ?? (() => undefined),
      send: (to, body) => this.#signalling.send({ type: 'relay', to, body }),
      onAudio: (peer, name, samples, sampleRate, channels) => {
        const { id, tracks } = peer.info;
        if (tracks.find((track) => track.name === name)?.ignoreLevel === false) this.#levels.take(id, name, samples);
        this.#events.emit('audio', { participantId: id, name, samples, sampleRate, channels });
      },
      onVideo: (peer, name, picture) => this.#events.emit('video', { participantId: peer.info.id, name, picture }),
      onTrackState: (peer) => this.#changed(peer),
      onListening: () => this.#events.emit('listeners', undefined),
      onConnection: (peer, state) => {
        this.#events.emit('connection', { kind: 'media', state, participantId: peer.info.id });
        this.#changed(peer);
      },
      report,
    };
  }

  #setLocal(change: Partial<RoomParticipantInfo>): void {
    this.local = { ...this.local, ...change };
    this.#events.emit('updated', this.local);
  }

  #announceTracks(removed?: string): void {
    if (this.#over) return;
    const tracks = announce(this.tracks);
    this.#signalling.send({ type: 'update', tracks });
    for (const peer of this.#peers.values()) peer.localTracksChanged(removed);
    this.#setLocal({ tracks });
  }

  #take(message: SessionMessage): void {
    switch (message.type) {
      case 'participant-joined':
        this.#arrived(message.participant);
        break;
      case 'participant-updated':
        this.#updated(message.participant);
        break;
      case 'participant-left':
        this.#left(message.id, message.reason);
        break;
      case 'participant-detached':
        this.#absentees.detached(message.id, message.detached);
        break;
      case 'relay':
        this.#peers.get(message.from)?.receive(message.body);
        break;
      case 'active-speaker':
        this.activeSpeaker = message.id;
        this.#events.emit('speaker', message.id);
        break;
      case 'granted':
      case 'denied':
        this.#asks.answered(message);
        break;
      default:
        this.#tellNews(message);
    }
  }

  #tellNews(news: RoomNews): void {
    this.#services.take(news);
    this.#events.emit('news', news);
  }

  #add(info: RoomParticipantInfo): Peer {
    const peer = new Peer(info, this.#context);
    this.#peers.set(info.id, peer);
    this.#participants.set(info.id, info);
    this.#wishes.tell(peer);
    return peer;
  }

  #arrived(info: RoomParticipantInfo): void {
    const known = this.#peers.get(info.id);
    if (known === undefined) {
      this.#add(info);
      this.#events.emit('listeners', undefined);
      this.#events.emit('joined', info);
    } else {
      // It was here before the server was restarted, and so was its media.
      known.detached = false;
      known.missing = false;
      known.refresh();
      this.#updated(info);
    }
  }

  #updated(info: RoomParticipantInfo): void {
    if (info.id === this.local.id) return this.#setLocal(info);
    const peer = this.#peers.get(info.id);
    if (peer === undefined) return;
    peer.update(info);
    this.#changed(peer);
  }

  #changed(peer: Peer): void {
    if (this.#peers.get(peer.info.id) !== peer) return;
    this.#participants.set(peer.info.id, peer.info);
    this.#events.emit('updated', peer.info);
  }

  #left(id: string, reason: RoomSessionEvents['left']['reason']): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    this.#peers.delete(id);
    this.#participants.delete(id);
    this.#wishes.forget(id);
    this.#levels.forget(id);
    peer.close();
    this.#events.emit('listeners', undefined);
    this.#events.emit('left', { participant: peer.info, reason });
  }

  /** The server lost its memory, we did not: keep every connection, and wait for those who are not back yet. */
  #rejoined(welcome: Welcome): void {
    this.meetingId = welcome.session;
    this.local = welcome.you;
    this.room = welcome.room;
    this.#absentees.serverForgot();
    for (const info of welcome.participants) this.#arrived(info);
    if (welcome.activeSpeaker !== this.activeSpeaker && welcome.activeSpeaker !== null) {
      this.activeSpeaker = welcome.activeSpeaker;
      this.#events.emit('speaker', welcome.activeSpeaker);
    }
    for (const news of this.#services.missed(welcome)) this.#tellNews(news);
    this.#asks.repeat();
  }

  #dispose(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelDown();
    this.#absentees.close();
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
  }
}
