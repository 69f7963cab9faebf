// The driver of Janus rooms: signalling through the VideoRoom plugin, all media through the server. Nothing of a call.

import type { Cancel, SluiceError } from '@sluice/core';
import type { Ask, Grant, RoomInfo, RoomParticipantInfo, VideoQuality } from '@sluice/protocol';
import { EventEmitter } from '../../event-emitter.ts';
import type {
  LocalTrack,
  RemoteTrackState,
  RoomConnectionStats,
  RoomNews,
  RoomParticipant,
  RoomSession,
  RoomSessionEvents,
  SubscriptionState,
} from '../driver.ts';
import { EarlyEvents } from '../session/early-events.ts';
import { announced, LocalParticipant, userDataOf } from '../session/local-participant.ts';
import type { Cascade } from './cascade/cascade.ts';
import type { JanusSessionOptions } from './janus-session-options.ts';
import type { RoomMedia } from './media/room-media.ts';
import { ActiveSpeaker } from './members/active-speaker.ts';
import { replaced } from './members/job-lease.ts';
import type { JobPlace } from './members/job-place.ts';
import { missedMessages } from './members/missed-messages.ts';
import { OwnCard } from './members/own-card.ts';
import { OwnRights } from './members/own-rights.ts';
import { Roster } from './members/roster.ts';
import { ownEvents } from './own-events.ts';
import { ownMedia } from './own-media.ts';
import { ownPlace } from './own-place.ts';
import { RoomAsks } from './room-asks.ts';
import { roomCascade } from './room-cascade.ts';
import { takeRoomEvent } from './room-events.ts';
import { roomInfo } from './room-info.ts';
import { RoomPresence } from './room-presence.ts';

/** A stay in a VideoRoom. */
export class JanusSession implements RoomSession {
  readonly room: RoomInfo;
  readonly recordings = [];
  readonly transcriptions = [];
  readonly waiting = [];
  readonly #options: JanusSessionOptions;
  readonly #local: LocalParticipant;
  readonly #events: EventEmitter<RoomSessionEvents>;
  readonly #early = new EarlyEvents();
  readonly #roster: Roster;
  readonly #place: JobPlace;
  readonly #media: RoomMedia;
  readonly #card: OwnCard;
  readonly #rights: OwnRights;
  readonly #speaker: ActiveSpeaker;
  readonly #cancelDown: Cancel;
  readonly #asks: RoomAsks;
  readonly #presence: RoomPresence;
  /** In rooms of several servers. */
  readonly #cascade: Cascade | undefined;
  /** Who comes now came later than we did. */
  #isInside = false;
  #over = false;

  constructor(options: JanusSessionOptions) {
    const { join, address, client, handle, room, local } = options;
    this.#options = options;
    this.room = roomInfo(address.room);
    this.#events = new EventEmitter((error) => join.report(error));
    this.#local = new LocalParticipant(local, join.tracks, (info) => this.#events.emit('updated', info));
    this.#roster = new Roster(
      {
        joined: (participant) => {
          this.#changed('joined', participant);
          this.#giveWay(participant.id, this.#isInside);
        },
        updated: (participant) => {
          this.#changed('updated', participant);
          this.#giveWay(participant.id, false);
        },
        left: (participant, reason) => {
          const others = this.#place.left(participant.id);
          this.#media.forget(participant.id);
          this.#speaker.forget(participant.id);
          this.#cascade?.sweep(this.#roster.orphans);
          this.#events.emit('left', { participant, reason });
          this.#updated(others);
        },
        said: (from, message) => this.#asks.take(from, message),
        missed: (from, count) => join.report(missedMessages(from, count)),
      },
      local.id,
      () => new Date().toISOString(),
    );
    this.#place = ownPlace({
      ...options,
      roster: this.#roster,
      card: () => this.#card,
      roomNow: () => this.#presence.entered.room,
      changed: (ids) => {
        this.#media.rosterChanged();
        this.#updated(ids);
      },
    });
    this.#speaker = new ActiveSpeaker((id) => this.#events.emit('speaker', id));
    const taker = ownEvents({
      roster: this.#roster,
      speaker: this.#speaker,
      id: local.id,
      feed: () => this.#presence.entered.feed,
      over: (error) => this.#lost(error),
    });
    this.#card = new OwnCard(
      join.clock,
      () => this.local,
      () => this.#place.lease,
      (display) => {
        this.#cascade?.say(display);
        return this.#presence.say(display);
      },
    );
    this.#presence = new RoomPresence({
      ...options,
      roster: this.#roster,
      media: () => this.#media,
      display: () => this.#card.display,
      taker,
    });
    const tell = (news: RoomNews) => {
      if (!this.#early.hold('news', news)) this.#events.emit('news', news);
    };
    this.#rights = new OwnRights({
      local: this.#local,
      roster: this.#roster,
      now: () => join.clock.now(),
      tell,
      changed: () => {
        this.#card.changed();
        this.#media.send(this.#local.tracks);
        this.#media.rosterChanged();
      },
    });
    this.#asks = new RoomAsks({
      address,
      handle,
      roster: this.#roster,
      card: this.#card,
      room: () => this.#presence.entered.room,
      self: () => this.local,
      rights: this.#rights,
      tell,
    });
    this.#media = ownMedia({
      ...options,
      roster: this.#roster,
      place: this.#place,
      local: () => this.local,
      entered: () => this.#presence.entered,
      emit: (event, data) => this.#events.emit(event, data),
      published: (answer, isNew) => this.#cascade?.published(answer, isNew),
    });
    this.#cascade = roomCascade({
      ...options,
      id: local.id,
      display: () => this.#card.display,
      over: taker.over,
    });
    takeRoomEvent(room.joined, taker);
    this.#isInside = true;
    this.#cascade?.sweep(this.#roster.orphans);
    this.#cancelDown = join.media.onDown(({ failed }) => {
      this.#local.forgetSources();
      this.#media.engineDied(failed);
    });
    handle.listen({
      event: ({ data }) => takeRoomEvent(data, taker),
      media: (state) => {
        if (state === 'hangup') this.#media.hangup();
      },
    });
    client.start({
      state: (state) => this.#socket(state),
      forgotten: (entering) => this.#presence.enterAgain(entering),
      lost: (error) => this.#lost(error),
    });
    this.#media.send(this.#local.tracks);
  }

  get meetingId(): string {
    return this.#presence.meetingId;
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

  ask(ask: Ask): Promise<Grant> {
    return this.#asks.ask(ask);
  }

  takePlace(): Promise<void> {
    return this.#place.take();
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

  limitQuality(participantId: string, name: string, maxQuality: VideoQuality): void {
    if (!this.#over) this.#media.limitQuality(participantId, name, maxQuality);
  }

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
    await this.#cascade?.close();
    // The others are told at once; a session that only ends is told later.
    if (client.connected) await handle.ask({ request: 'leave' }, 'to leave').catch(() => {});
    this.#dispose();
    client.close();
  }

  #announceTracks(): void {
    if (this.#over) return;
    this.#rights.announce(announced(this.#local.tracks));
    this.#card.changed();
    this.#media.send(this.#local.tracks);
  }

  #changed(event: 'joined' | 'updated', participant: RoomParticipant): void {
    const others = this.#place.update();
    this.#media?.rosterChanged();
    this.#events.emit(event, participant);
    this.#updated(others);
  }

  #updated(ids: readonly string[]): void {
    for (const id of ids) {
      const participant = this.#roster.get(id);
      if (participant !== undefined) this.#events.emit('updated', participant);
    }
  }

  /** Of two bots of a job one stays. */
  #giveWay(id: string, cameLater: boolean): void {
    const other = this.#place.givesWayTo(id, cameLater);
    // Those who were there were looked at before we came in.
    if (other !== undefined && this.#isInside) this.#lost(replaced(other));
  }

  #socket(state: 'interrupted' | 'connected'): void {
    this.#cascade?.signalling(state);
    if (state === 'connected') {
      this.#presence.resume();
      this.#cascade?.sweep(this.#roster.orphans);
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
    this.#options.forget();
    this.#presence.close();
    this.#place.close();
    this.#cancelDown();
    void this.#cascade?.close();
    this.#media.close();
  }
}
