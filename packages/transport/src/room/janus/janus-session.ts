// The driver of Janus rooms: signalling through the VideoRoom plugin, all media through the server. Nothing of a call.

import { type Cancel, SluiceError } from '@sluice/core';
import {
  type Ask,
  createId,
  type Grant,
  limits,
  type RoomInfo,
  type RoomParticipantInfo,
  utf8Bytes,
} from '@sluice/protocol';
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
import { EarlyEvents } from '../session/early-events.ts';
import { announced, LocalParticipant, userDataOf } from '../session/local-participant.ts';
import { ActiveSpeaker } from './active-speaker.ts';
import type { EnteredRoom } from './enter-room.ts';
import { denied, OwnCard } from './own-card.ts';
import type { CardMessage } from './participant-card.ts';
import type { RoomAddress } from './room-address.ts';
import { catchUp, takeRoomEvent } from './room-events.ts';
import { RoomMedia } from './room-media.ts';
import { Roster } from './roster.ts';
import type { JanusClient } from './wire/janus-client.ts';
import { isJanusCode } from './wire/janus-errors.ts';
import type { JanusHandle } from './wire/janus-handle.ts';

const UNAUTHORIZED = 433;

export interface JanusSessionOptions {
  readonly join: RoomJoin;
  readonly address: RoomAddress;
  readonly client: JanusClient;
  /** The one that entered the room. */
  readonly handle: JanusHandle;
  readonly room: EnteredRoom;
  readonly local: RoomParticipantInfo;
}

/** A stay in a VideoRoom. */
export class JanusSession implements RoomSession {
  readonly meetingId = createId();
  readonly room: RoomInfo;
  readonly recordings = [];
  readonly transcriptions = [];
  readonly waiting = [];
  readonly #options: JanusSessionOptions;
  readonly #local: LocalParticipant;
  readonly #events: EventEmitter<RoomSessionEvents>;
  readonly #early = new EarlyEvents();
  readonly #roster: Roster;
  readonly #media: RoomMedia;
  readonly #card: OwnCard;
  readonly #speaker: ActiveSpeaker;
  readonly #cancelDown: Cancel;
  #connected: (() => void)[] = [];
  #over = false;

  constructor(options: JanusSessionOptions) {
    const { join, address, client, handle, room, local } = options;
    this.#options = options;
    this.room = {
      name: address.room,
      expiresAt: null,
      recording: false,
      transcription: false,
      chat: true,
      ownerOnlyBroadcast: false,
    };
    this.#events = new EventEmitter((error) => join.report(error));
    this.#local = new LocalParticipant(local, join.tracks, (info) => this.#events.emit('updated', info));
    this.#roster = new Roster(
      {
        joined: (participant) => this.#changed('joined', participant),
        updated: (participant) => this.#changed('updated', participant),
        left: (participant, reason) => {
          this.#media.forget(participant.id);
          this.#speaker.forget(participant.id);
          this.#events.emit('left', { participant, reason });
        },
        said: (from, message) => this.#take(from, message),
      },
      () => new Date().toISOString(),
    );
    this.#speaker = new ActiveSpeaker((id) => this.#events.emit('speaker', id));
    this.#card = new OwnCard(
      join.clock,
      () => this.local,
      (display) => this.#configure(display),
    );
    this.#media = this.#mediaOf(options);
    takeRoomEvent(room.joined, this.#taker);
    this.#cancelDown = join.media.onDown(({ failed }) => {
      this.#local.forgetSources();
      this.#media.engineDied(failed);
    });
    handle.listen({
      event: ({ data }) => takeRoomEvent(data, this.#taker),
      media: (state) => {
        if (state === 'hangup') this.#media.hangup();
      },
    });
    client.start({ state: (state) => this.#socket(state), lost: (error) => this.#lost(error) });
    this.#media.send(this.#local.tracks);
  }

  get local(): RoomParticipantInfo {
    return this.#local.info;
  }

  get participants(): ReadonlyMap<string, RoomParticipant> {
    return this.#roster.participants;
  }

  get activeSpeaker(): string | null {
    return this.#speaker.id;
  }

  setUserName(userName: string): void {
    this.#local.say({ userName });
    this.#card.changed();
  }

  setUserData(userData: unknown): void {
    this.#local.say(userDataOf(userData));
    this.#card.changed();
  }

  async ask(ask: Ask): Promise<Grant> {
    if (ask.ask === 'app-message') {
      const { to, data } = ask;
      if (utf8Bytes(JSON.stringify(data)) > limits.appMessageBytes)
        throw denied(ask.ask, 'rate', `a message of more than ${limits.appMessageBytes} bytes`);
      if (to !== undefined && this.#roster.get(to) === undefined)
        throw denied(ask.ask, 'unknown-participant', `nobody here is ${to}`);
      await this.#card.message({ kind: 'app-message', data, ...(to !== undefined && { to }) }, ask.ask);
    } else if (ask.ask === 'chat') {
      const { text, userName } = ask;
      await this.#card.message({ kind: 'chat', data: text, ...(userName !== undefined && { userName }) }, ask.ask);
    } else if (ask.ask === 'eject') await this.#eject(ask.ids);
    else throw denied(ask.ask, 'unavailable', 'the VideoRoom of Janus cannot do it');
    return {};
  }

  publish(name: string, track: LocalTrack): void {
    this.#local.offer(name, track);
    this.#announceTracks();
  }

  unpublish(name: string): void {
    this.#local.offer(name, undefined);
    this.#announceTracks();
  }

  subscribe(participantId: string, name: string, state: SubscriptionState): void {
    if (!this.#over) this.#media.subscribe(participantId, name, state);
  }

  /** One quality of each track is sent, and the server passes on that. */
  limitQuality(): void {}

  watch(participantId: string, name: string, watched: boolean): void {
    if (!this.#over) this.#media.watch(participantId, name, watched);
  }

  trackListeners(name: string): 'alone' | 'connecting' | 'heard' {
    return this.#media.trackListeners(name);
  }

  trackState(participantId: string, name: string): RemoteTrackState {
    return this.#media.trackState(participantId, name);
  }

  iceChanged(): void {
    if (!this.#over) this.#media.iceChanged();
  }

  stats(): Promise<readonly RoomConnectionStats[]> {
    return this.#media.stats();
  }

  on<K extends keyof RoomSessionEvents>(event: K, listener: (data: RoomSessionEvents[K]) => void): Cancel {
    const cancel = this.#events.on(event, listener);
    this.#early.listened(event, this.#events);
    return cancel;
  }

  async leave(): Promise<void> {
    if (this.#over) return;
    const { handle, client } = this.#options;
    // The others are told at once; a session that only ends is told later.
    if (client.connected) await handle.ask({ request: 'leave' }, 'to leave').catch(() => {});
    this.#dispose();
    client.close();
  }

  readonly #taker = {
    entry: (value: unknown) => this.#roster.take(value),
    unpublished: (feed: string | number) => this.#roster.unpublished(feed),
    left: (feed: string | number, reason: 'left' | 'removed') => this.#roster.left(feed, reason),
    talking: (feed: string | number, mid: string | undefined, isTalking: boolean) => {
      const { feed: own } = this.#options.room;
      this.#speaker.take(feed === own ? this.local.id : undefined, feed, mid, isTalking, this.#roster);
    },
    over: (error: SluiceError) => this.#lost(error),
  };

  #mediaOf({ join, address, client, handle, room }: JanusSessionOptions): RoomMedia {
    const { media, clock, ice, candidateFilter } = join;
    const entry = {
      room: room.room,
      private_id: room.joined.private_id,
      ...(address.pin !== undefined && { pin: address.pin }),
    };
    return new RoomMedia({
      clock,
      roster: this.#roster,
      publishing: handle,
      attach: () => client.attach(),
      entry: () => entry,
      link: (of) => ({
        media,
        handle: of,
        // A server on loopback gathers no candidate there: its media is on the machine's other addresses.
        candidates: 'all',
        ice: ice?.() ?? {},
        candidateFilter: candidateFilter ?? (() => undefined),
        participantId: this.local.id,
      }),
      emit: (event, data) => this.#events.emit(event, data),
      report: join.report,
    });
  }

  #announceTracks(): void {
    if (this.#over) return;
    this.#local.say({ tracks: announced(this.#local.tracks) });
    this.#card.changed();
    this.#media.send(this.#local.tracks);
  }

  #changed(event: 'joined' | 'updated', participant: RoomParticipant): void {
    this.#media?.rosterChanged();
    this.#events.emit(event, participant);
  }

  /** Says our display name, also through a break of the signalling. */
  async #configure(display: string): Promise<void> {
    for (;;) {
      try {
        await this.#options.handle.ask({ request: 'configure', display }, 'to be called otherwise');
        return;
      } catch (error) {
        const isAway = error instanceof SluiceError && error.code === 'SLUICE_ROOM_LOST' && !this.#over;
        if (!isAway) throw error;
        await new Promise<void>((resolve) => {
          if (this.#options.client.connected) resolve();
          else this.#connected.push(resolve);
        });
      }
    }
  }

  async #eject(ids: readonly string[]): Promise<void> {
    const { address, room, handle } = this.#options;
    const { secret } = address;
    if (secret === undefined) throw denied('eject', 'not-allowed', 'it takes the secret of the room (?secret=)');
    for (const id of ids) {
      const feed = this.#roster.feedOf(id);
      if (feed === undefined) throw denied('eject', 'unknown-participant', `nobody here is ${id}`);
      try {
        await handle.ask({ request: 'kick', room: room.room, secret, id: feed }, 'to remove a participant');
      } catch (error) {
        if (!isJanusCode(error, UNAUTHORIZED)) throw error;
        throw denied('eject', 'not-allowed', 'the room has another secret');
      }
    }
  }

  #take(from: RoomParticipant, { kind, to, data, userName }: CardMessage): void {
    if (to !== undefined && to !== this.local.id) return;
    if (utf8Bytes(JSON.stringify(data ?? null)) > limits.appMessageBytes) return;
    if (kind === 'app-message') return this.#tellNews({ type: kind, from: from.id, data });
    if (typeof data !== 'string') return;
    const at = new Date().toISOString();
    this.#tellNews({ type: kind, from: from.id, userName: userName ?? from.userName, text: data, at });
  }

  #tellNews(news: RoomNews): void {
    if (!this.#early.hold('news', news)) this.#events.emit('news', news);
  }

  #socket(state: 'interrupted' | 'connected'): void {
    if (state === 'connected') {
      for (const resolve of this.#connected.splice(0)) resolve();
      const { client, handle, room } = this.#options;
      const sources = (id: string, name: string) => this.#roster.source(id, name) !== undefined;
      catchUp({ client, handle, room, roster: this.#roster, sources })
        .catch((error) => this.#over || this.#options.join.report(error))
        .finally(() => this.#over || this.#media.resume());
    }
    this.#events.emit('connection', { kind: 'signalling', state });
  }

  #lost(error: SluiceError): void {
    if (this.#over) return;
    this.#dispose();
    this.#options.client.close();
    if (!this.#early.hold('lost', error)) this.#events.emit('lost', error);
  }

  #dispose(): void {
    this.#over = true;
    for (const resolve of this.#connected.splice(0)) resolve();
    this.#cancelDown();
    this.#media.close();
  }
}
