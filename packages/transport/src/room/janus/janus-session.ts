// The driver of Janus rooms: signalling through the VideoRoom plugin, all media through the server. Nothing of a call.

import type { Cancel, SluiceError } from '@sluice/core';
import {
  type Ask,
  type Grant,
  mayReceive,
  type RoomInfo,
  type RoomParticipantInfo,
  type VideoQuality,
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
import type { Cascade } from './cascade/cascade.ts';
import type { Home } from './cascade/home.ts';
import type { EnteredRoom } from './enter-room.ts';
import { removeBots } from './fence-job.ts';
import { RoomMedia } from './media/room-media.ts';
import { ActiveSpeaker } from './members/active-speaker.ts';
import { type JobLease, replaced } from './members/job-lease.ts';
import { JobPlace } from './members/job-place.ts';
import { missedMessages } from './members/missed-messages.ts';
import { OwnCard } from './members/own-card.ts';
import { OwnRights } from './members/own-rights.ts';
import { Roster } from './members/roster.ts';
import type { RoomAddress } from './room-address.ts';
import { RoomAsks } from './room-asks.ts';
import { roomCascade } from './room-cascade.ts';
import { takeRoomEvent } from './room-events.ts';
import { roomInfo } from './room-info.ts';
import { RoomPresence } from './room-presence.ts';
import type { JanusClient } from './wire/janus-client.ts';
import type { JanusHandle } from './wire/janus-handle.ts';

export interface JanusSessionOptions {
  readonly join: RoomJoin;
  readonly address: RoomAddress;
  readonly client: JanusClient;
  /** Of the room's servers the one that we publish to. */
  readonly where: Home;
  /** The one that entered the room. */
  readonly handle: JanusHandle;
  readonly room: EnteredRoom;
  readonly local: RoomParticipantInfo;
  /** Which job we do. */
  readonly lease: JobLease | undefined;
  /** Gives back what is left of the way in. */
  readonly forget: () => void;
}

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
    this.#place = this.#placeOf(options);
    this.#speaker = new ActiveSpeaker((id) => this.#events.emit('speaker', id));
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
      taker: this.#taker,
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
    this.#media = this.#mediaOf(options);
    this.#cascade = roomCascade({
      ...options,
      id: local.id,
      display: () => this.#card.display,
      over: this.#taker.over,
    });
    takeRoomEvent(room.joined, this.#taker);
    this.#isInside = true;
    this.#cascade?.sweep(this.#roster.orphans);
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

  readonly #taker = {
    entry: (value: unknown) => this.#roster.take(value),
    unpublished: (feed: string | number) => this.#roster.unpublished(feed),
    left: (feed: string | number, reason: 'left' | 'removed') => this.#roster.left(feed, reason),
    talking: (feed: string | number, mid: string | undefined, isTalking: boolean) => {
      this.#speaker.take(
        feed === this.#presence.entered.feed ? this.local.id : undefined,
        feed,
        mid,
        isTalking,
        this.#roster,
      );
    },
    over: (error: SluiceError) => this.#lost(error),
  };

  #placeOf({ join, address: { secret }, handle, local, lease }: JanusSessionOptions): JobPlace {
    return new JobPlace({
      clock: join.clock,
      own: local,
      lease,
      roster: this.#roster,
      card: () => this.#card,
      remove: (ids) => {
        const feeds = ids.flatMap((id) => this.#roster.feedOf(id) ?? []);
        return removeBots(feeds, { handle, room: this.#presence.entered.room, secret, report: join.report });
      },
      changed: (ids) => {
        this.#media.rosterChanged();
        this.#updated(ids);
      },
    });
  }

  #mediaOf({ join, address, client, handle }: JanusSessionOptions): RoomMedia {
    const { media, clock, ice, candidateFilter } = join;
    return new RoomMedia({
      clock,
      roster: this.#roster,
      mayTake: (id, name) => {
        const from = this.#roster.get(id);
        return from !== undefined && !this.#place.isReplaced(id) && mayReceive(this.local.permissions, from, name);
      },
      isWaiting: (id) => this.#place.isWaiting(id),
      publishing: handle,
      attach: () => client.attach(),
      entry: () => ({
        room: this.#presence.entered.room,
        private_id: this.#presence.entered.joined.private_id,
        ...(address.pin !== undefined && { pin: address.pin }),
      }),
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
      published: (answer, isNew) => this.#cascade?.published(answer, isNew),
      recorded: address.recorded,
      report: join.report,
    });
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
