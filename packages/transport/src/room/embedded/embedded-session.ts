// The driver of embedded rooms: signalling, and one peer connection to each participant. Nothing of the server or of
// a call.

import type { Cancel, Clock } from '@sluice/core';
import type { Ask, Grant, RoomInfo, RoomParticipantInfo, VideoQuality } from '@sluice/protocol';
import { EventEmitter } from '../../event-emitter.ts';
import type {
  LocalTrack,
  RemoteTrackState,
  RoomConnectionStats,
  RoomJoin,
  RoomNews,
  RoomParticipant,
  RoomSession,
  RoomSessionEvents,
  SubscriptionState,
} from '../driver.ts';
import { isLoopbackHost } from '../protocol/request-policy.ts';
import { EarlyEvents } from '../session/early-events.ts';
import { announced, LocalParticipant, userDataOf } from '../session/local-participant.ts';
import { Asks } from './asks.ts';
import { LevelReporter } from './level-reporter.ts';
import { Peers } from './peers.ts';
import { RoomServicesState } from './room-services-state.ts';
import type { SessionMessage, Signalling, Welcome } from './signalling.ts';

/** How long a session that is left waits for what it has asked, in milliseconds. */
const LAST_ANSWER_MS = 1_000;

/** A stay in a room of `startRoomServer`. */
export class EmbeddedSession implements RoomSession {
  meetingId: string;
  activeSpeaker: string | null;
  room: RoomInfo;
  /** The bot before it has the place of its job still. */
  isStandby: boolean;
  readonly #local: LocalParticipant;
  readonly #asks: Asks;
  readonly #services: RoomServicesState;
  readonly #clock: Clock;
  readonly #signalling: Signalling;
  readonly #peers: Peers;
  readonly #events: EventEmitter<RoomSessionEvents>;
  readonly #early = new EarlyEvents();
  readonly #levels: LevelReporter;
  readonly #cancelDown: Cancel;
  #over = false;

  constructor(join: RoomJoin, signalling: Signalling, welcome: Welcome) {
    this.#clock = join.clock;
    this.isStandby = join.standby ?? false;
    this.#signalling = signalling;
    this.#local = new LocalParticipant(welcome.you, join.tracks, (info) => this.#events.emit('updated', info));
    this.meetingId = welcome.session;
    this.room = welcome.room;
    this.#services = new RoomServicesState(welcome);
    this.#asks = new Asks((message) => signalling.send(message));
    this.activeSpeaker = welcome.activeSpeaker;
    this.#events = new EventEmitter((error) => join.report(error));
    this.#levels = new LevelReporter(
      join.clock,
      (levels) => signalling.send({ type: 'levels', levels }),
      () => this.activeSpeaker,
    );
    this.#peers = this.#peersOf(join);
    for (const participant of welcome.participants) this.#peers.add(participant);
    this.#cancelDown = join.media.onDown(({ failed }) => {
      this.#local.forgetSources();
      // Without an engine to come there is nothing to build on: the call ends.
      if (!failed) this.#peers.rebuild();
    });
    signalling.start({
      message: (message) => {
        try {
          this.#take(message);
        } catch (error) {
          // The engine stays down, or refuses what somebody sent: no reason to fail in the handler of a socket.
          join.report(error);
        }
      },
      state: (state) => {
        if (state === 'connected') {
          this.#asks.resumed();
          this.#peers.retry();
        }
        this.#events.emit('connection', { kind: 'signalling', state });
      },
      rejoined: (again) => this.#rejoined(again),
      forgot: () => this.#sayAgain(),
      lost: (error) => {
        this.#asks.end(error);
        this.#dispose();
        if (!this.#early.hold('lost', error)) this.#events.emit('lost', error);
      },
    });
    // What the room does not let us send is not announced.
    if (this.tracks.size < join.tracks.size) this.#announceTracks();
  }

  get local(): RoomParticipantInfo {
    return this.#local.info;
  }

  get tracks(): ReadonlyMap<string, LocalTrack> {
    return this.#local.tracks;
  }

  get participants(): ReadonlyMap<string, RoomParticipant> {
    return this.#peers.participants;
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
    this.#local.say({ userName });
    this.#signalling.send({ type: 'update', userName });
  }

  setUserData(userData: unknown): void {
    this.#local.say(userDataOf(userData));
    this.#signalling.send({ type: 'update', ...userDataOf(userData) });
  }

  ask(ask: Ask): Promise<Grant> {
    return this.#asks.ask(ask);
  }

  async takePlace(): Promise<void> {
    // A server that is restarted meanwhile is told so by joining.
    this.isStandby = false;
    await this.#asks.ask({ ask: 'take-place' });
  }

  publish(name: string, track: LocalTrack): void {
    this.#local.offer(name, track);
    this.#announceTracks();
  }

  unpublish(name: string): void {
    this.#local.offer(name, undefined);
    this.#announceTracks(name);
  }

  subscribe(participantId: string, name: string, state: SubscriptionState): void {
    this.#peers.subscribe(participantId, name, state);
  }

  limitQuality(participantId: string, name: string, maxQuality: VideoQuality): void {
    this.#peers.limitQuality(participantId, name, maxQuality);
  }

  watch(participantId: string, name: string, watched: boolean): void {
    this.#peers.watch(participantId, name, watched);
  }

  trackListeners(name: string): 'alone' | 'connecting' | 'heard' {
    return this.#local.sends(name) ? this.#peers.trackListeners(name) : 'alone';
  }

  trackState(participantId: string, name: string): RemoteTrackState {
    return this.#peers.trackState(participantId, name);
  }

  iceChanged(): void {
    this.#peers.iceChanged();
  }

  stats(): Promise<readonly RoomConnectionStats[]> {
    return this.#peers.stats();
  }

  on<K extends keyof RoomSessionEvents>(event: K, listener: (data: RoomSessionEvents[K]) => void): Cancel {
    const cancel = this.#events.on(event, listener);
    this.#early.listened(event, this.#events);
    return cancel;
  }

  async leave(): Promise<void> {
    // What was said last arrives before the goodbye: who said it hears that it did.
    if (this.#signalling.connected) await this.#asks.settled(this.#clock, LAST_ANSWER_MS);
    this.#signalling.leave();
    this.#asks.end(undefined);
    this.#dispose();
  }

  #peersOf({ media, clock, url, report, candidateFilter, ice }: RoomJoin): Peers {
    return new Peers({
      context: {
        localId: this.local.id,
        media,
        clock,
        candidates: isLoopbackHost(url.hostname) ? 'loopback' : 'all',
        ice: ice ?? (() => ({})),
        local: () => this.local,
        localTracks: () => this.tracks,
        candidateFilter: candidateFilter ?? (() => undefined),
        send: (to, body) => this.#signalling.send({ type: 'relay', to, body }),
        onAudio: (peer, name, samples, sampleRate, channels) => {
          const { id, tracks } = peer.info;
          if (tracks.find((track) => track.name === name)?.ignoreLevel === false) this.#levels.take(id, name, samples);
          this.#events.emit('audio', { participantId: id, name, samples, sampleRate, channels });
        },
        onVideo: (peer, name, picture) => this.#events.emit('video', { participantId: peer.info.id, name, picture }),
        onListening: () => this.#events.emit('listeners', undefined),
        report,
      },
      onConnection: (participantId, state) => this.#events.emit('connection', { kind: 'media', state, participantId }),
      emit: (event, data) => this.#events.emit(event, data),
      alive: (ids) => this.#signalling.send({ type: 'alive', ids }),
      onGone: (id) => this.#levels.forget(id),
    });
  }

  #announceTracks(removed?: string): void {
    if (this.#over) return;
    const tracks = announced(this.tracks);
    this.#signalling.send({ type: 'update', tracks });
    this.#peers.localTracksChanged(removed);
    this.#local.say({ tracks });
  }

  #take(message: SessionMessage): void {
    switch (message.type) {
      case 'participant-joined':
        this.#peers.arrived(message.participant);
        break;
      case 'participant-updated':
        if (message.participant.id === this.local.id) this.#toldOfUs(message.participant);
        else this.#peers.updated(message.participant);
        break;
      case 'participant-left':
        this.#peers.left(message.id, message.reason);
        break;
      case 'participant-detached':
        this.#peers.detached(message.id, message.detached);
        break;
      case 'relay':
        this.#peers.receive(message.from, message.body);
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
    if (!this.#early.hold('news', news)) this.#events.emit('news', news);
  }

  /** The room says who we are, and what we may. What we may not send stops at once. */
  #toldOfUs(info: RoomParticipantInfo): void {
    const sent = [...this.tracks.keys()].join();
    this.#local.told(info);
    this.#peers.receivingChanged();
    if (sent !== [...this.tracks.keys()].join()) this.#announceTracks();
    else this.#events.emit('updated', this.local);
  }

  /** The server lost its memory, we did not: keep every connection, and wait for those who are not back yet. */
  #rejoined(welcome: Welcome): void {
    // First: what is asked by who hears of the rest waits for those who are to hear it.
    this.#asks.serverForgot();
    this.meetingId = welcome.session;
    this.room = welcome.room;
    this.#peers.serverForgot(() => this.#asks.repeat());
    this.#toldOfUs(welcome.you);
    for (const info of welcome.participants) this.#peers.arrived(info);
    if (welcome.activeSpeaker !== this.activeSpeaker && welcome.activeSpeaker !== null) {
      this.activeSpeaker = welcome.activeSpeaker;
      this.#events.emit('speaker', welcome.activeSpeaker);
    }
    for (const news of this.#services.missed(welcome)) this.#tellNews(news);
    this.#peers.settleIfAllBack();
  }

  /** The server did not hear all that was said. */
  #sayAgain(): void {
    this.#asks.serverForgot();
    this.#asks.repeat();
    this.#peers.refresh();
  }

  #dispose(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelDown();
    this.#peers.close();
  }
}
