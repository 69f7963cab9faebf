import type { Cancel } from '@sluice/core';
import {
  type ClientMessage,
  createId,
  type LeaveReason,
  limits,
  PROTOCOL,
  type Refusal,
  type RoomInfo,
  type ServerMessage,
} from '@sluice/protocol';
import { idOfIdentity } from '../protocol/identity.ts';
import { answerAsk, type Outcome } from './asks/answer-ask.ts';
import type { AskRoom } from './asks/ask-room.ts';
import { Digits } from './asks/digits.ts';
import { DenialError } from './denial-error.ts';
import { checkOpen } from './entry-policy.ts';
import { Absences } from './members/absences.ts';
import { Announcements } from './members/announcements.ts';
import { Deadlines } from './members/deadlines.ts';
import { type Knock, Lobby } from './members/lobby.ts';
import { Member, type MemberInit, type MemberSocket } from './members/member.ts';
import { entryPermissions, servicePermissions } from './members/permission-rules.ts';
import { Relays } from './members/relays.ts';
import { Roster } from './members/roster.ts';
import { Sessions } from './members/sessions.ts';
import { SpeakerElection } from './members/speaker-election.ts';
import { Standing } from './members/standing.ts';
import { RefusalError } from './refusal.ts';
import type { PresentParticipant, RoomOptions, RoomSurroundings } from './room-options.ts';
import type { RoomProperties } from './room-properties.ts';
import { ServicesOfRoom } from './services/services-of-room.ts';

/** One meeting: who is in it and who waits, what they announce, may do and ask for. Knows no sockets and no HTTP. */
export class Room {
  readonly name: string;
  readonly session = createId();
  readonly #options: RoomOptions;
  readonly #around: RoomSurroundings;
  readonly #roster = new Roster();
  readonly #lobby = new Lobby();
  readonly #election = new SpeakerElection();
  readonly #announcements: Announcements;
  readonly #absences: Absences;
  readonly #relays: Relays;
  readonly #digits: Digits;
  readonly #services: ServicesOfRoom;
  readonly #deadlines: Deadlines;
  readonly #sessions: Sessions;
  readonly #standing: Standing;
  readonly #asks: AskRoom;
  #properties: RoomProperties;
  #cancelExpiry: Cancel = () => {};

  constructor(name: string, properties: RoomProperties, options: RoomOptions, around: RoomSurroundings) {
    const { clock, loopback } = options;
    this.name = name;
    this.#properties = properties;
    this.#options = options;
    this.#around = around;
    this.#announcements = new Announcements(clock, this.#roster);
    this.#absences = new Absences(clock, this.#roster, (member) => this.#remove(member, 'lost'));
    this.#relays = new Relays(this.#roster, clock, loopback);
    this.#sessions = this.#createSessions();
    this.#standing = this.#createStanding();
    this.#digits = new Digits(clock, this.#roster);
    this.#deadlines = new Deadlines(clock, around.wallClock);
    this.#services = this.#createServices();
    this.#asks = this.#askRoom();
    this.#armExpiry();
  }

  /** Those who are shown. */
  get presence(): readonly PresentParticipant[] {
    return this.#roster.shown.map(({ id, userId, userName, joinedAt }) => ({ id, userId, userName, joinedAt }));
  }

  get counts() {
    const participants = this.#roster.shown.length;
    const { recordings, transcriptions } = this.#services.statuses;
    return {
      participants,
      hidden: this.#roster.size - participants,
      detached: [...this.#roster].filter(({ socket }) => socket === undefined).length,
      waiting: this.#lobby.size,
      recordings: recordings.length,
      transcriptions: transcriptions.length,
    };
  }

  get isEmpty(): boolean {
    return this.#roster.size === 0 && this.#lobby.size === 0;
  }

  /** Takes what the room is told to be from now on. */
  adopt(properties: RoomProperties): void {
    this.#properties = properties;
    this.#armExpiry();
  }

  join(init: MemberInit, socket: MemberSocket): Member {
    const { clock } = this.#options;
    const permissions =
      init.service === undefined ? entryPermissions(this.#properties, init.grant) : servicePermissions;
    if (this.#roster.get(idOfIdentity(init.identity)) !== undefined)
      throw new RefusalError('illegal-order', 'this participant is in the room already; resume instead');
    if (this.#standing.space(permissions.hasPresence) < 1)
      throw new RefusalError('room-full', 'the room has all the participants it takes');
    const member = new Member(init, permissions, clock);
    member.socket = socket;
    this.#around.tally.joined++;
    this.#roster.broadcast({ type: 'participant-joined', participant: member.publicInfo });
    // Not a session message: it opens the session, and everything after it is counted.
    socket.send(JSON.stringify(this.#welcome(member)));
    this.#roster.add(member);
    member.cancelExpiry = this.#deadlines.ofToken(init.grant, () =>
      this.#eject(member, 'token-expired', 'the token has expired'),
    );
    this.#recordFor(member);
    return member;
  }

  /** Lets somebody wait until who may decides. */
  knock(knock: Knock): void {
    this.#lobby.add(knock);
    // Not a session message either: there is no session yet.
    knock.socket.send(JSON.stringify({ type: 'waiting' } satisfies ServerMessage));
    this.#tellWaiting();
  }

  /** Whoever waited does so no more. */
  unknock(knock: Knock): void {
    if (!this.#lobby.remove(knock)) return;
    this.#tellWaiting();
    this.#sweep();
  }

  resume(message: ClientMessage & { type: 'resume' }, socket: MemberSocket): Member {
    const member = this.#sessions.resume(message, socket);
    this.#around.tally.resumed++;
    return member;
  }

  /** A message of a member, after the checks of the protocol. `bytes` is what its budget was charged. */
  receive(member: Member, message: ClientMessage, bytes: number): void {
    if (!this.#roster.has(member)) return;
    member.received++;
    member.spoke();
    switch (message.type) {
      case 'update':
        if (message.userName !== undefined) member.userName = message.userName;
        if (message.userData !== undefined) member.userData = message.userData;
        if (message.tracks !== undefined) {
          member.tracks = message.tracks;
          member.mutes.announced(message.tracks, this.#options.clock.now());
        }
        this.#announcements.changed(member);
        break;
      case 'relay':
        if (this.#relays.pass(member, message, bytes)) this.#around.tally.relayed++;
        break;
      case 'levels': {
        const levels = message.levels.filter(({ id }) => id !== member.id && this.#roster.get(id)?.isShown === true);
        if (this.#election.report(levels, this.#options.clock.now())) this.#announceSpeaker();
        break;
      }
      case 'alive':
        this.#absences.witness(member, message.ids);
        break;
      case 'ask':
        answerAsk(this.#asks, member, message.ask, (outcome) => this.#answer(member, message.number, outcome));
        break;
      case 'leave':
        member.socket?.close();
        this.#remove(member, 'left');
        break;
      default:
        throw new RefusalError('illegal-order', `${message.type} is not allowed after joining`);
    }
  }

  /** The member's socket is gone. It may come back for a while. */
  detach(member: Member, socket: MemberSocket): void {
    this.#absences.detach(member, socket);
  }

  /** Removes everybody whom `which` picks. Returns how many it were. */
  ejectWhere(which: (member: Member) => boolean): number {
    const ejected = [...this.#roster].filter((member) => member.service === undefined && which(member));
    for (const member of ejected) this.#banish(member);
    return ejected.length;
  }

  /** Removes everybody, who waits too. Resolves when what the services made is written. */
  end(refusal: Refusal, message: string): Promise<void> {
    const written = this.#services.endAll();
    this.#cancelExpiry();
    for (const knock of this.#lobby.knocks) {
      this.#lobby.remove(knock);
      knock.socket.refuse(refusal, message);
    }
    for (const member of this.#roster) this.#eject(member, refusal, message);
    this.#sweep();
    return written;
  }

  get #info(): RoomInfo {
    const { expiresAt = null, chat = true, ownerOnlyBroadcast = false } = this.#properties;
    const recording = this.#services.recordings !== undefined;
    const transcription = this.#services.transcriptions !== undefined;
    return { name: this.name, expiresAt, recording, transcription, chat, ownerOnlyBroadcast };
  }

  #welcome(member: Member): ServerMessage {
    const { id, secret, info } = member;
    return {
      type: 'welcome',
      protocol: PROTOCOL,
      session: this.session,
      id,
      secret,
      you: info,
      room: this.#info,
      participants: [...this.#roster].map(({ publicInfo }) => publicInfo),
      activeSpeaker: this.#election.speaker,
      ...this.#services.statuses,
      waiting: member.isHost ? this.#lobby.list : [],
    };
  }

  #askRoom(): AskRoom {
    const room = this;
    return {
      roster: this.#roster,
      lobby: this.#lobby,
      digits: this.#digits,
      get properties() {
        return room.#properties;
      },
      get recordings() {
        return room.#services.recordings;
      },
      get transcriptions() {
        return room.#services.transcriptions;
      },
      now: () => this.#options.clock.now(),
      eject: (member) => this.#banish(member),
      setPermissions: (member, permissions) => this.#standing.set(member, permissions),
      tellOf: (member) => this.#announcements.now(member),
      admit: (knock) => this.#admit(knock),
      turnAway: (knock) => {
        this.unknock(knock);
        knock.socket.refuse('not-admitted', 'you were not let in');
      },
      space: (shown) => this.#standing.space(shown),
    };
  }

  #answer(member: Member, number: number, outcome: Outcome): void {
    const { tally } = this.#around;
    if ('grant' in outcome) {
      tally.granted++;
      member.send({ type: 'granted', number, grant: outcome.grant });
    } else {
      tally.countDenied(outcome.denial);
      member.send({ type: 'denied', number, code: outcome.denial, message: outcome.message });
    }
  }

  #admit(knock: Knock): void {
    try {
      checkOpen(this.#properties, this.#around.wallClock());
      const member = this.join(knock.init, knock.socket);
      this.unknock(knock);
      knock.admitted(member);
    } catch (error) {
      throw error instanceof RefusalError ? new DenialError('state', error.message) : error;
    }
  }

  #tellWaiting(): void {
    this.#roster.toHosts({ type: 'waiting-updated', waiting: this.#lobby.list });
  }

  /** Removes somebody who is not to come back. */
  #banish(member: Member): void {
    this.#around.removals.add(this.name, member.id, member.grant);
    this.#eject(member, 'removed', 'you were removed from the room');
  }

  #eject(member: Member, refusal: Refusal, message: string): void {
    const { socket } = member;
    this.#remove(member, 'removed');
    socket?.refuse(refusal, message);
  }

  #remove(member: Member, reason: LeaveReason): void {
    member.dispose();
    member.socket = undefined;
    if (!this.#roster.delete(member)) return;
    this.#around.tally.countLeft(reason);
    this.#digits.forget(member);
    this.#relays.forget(member);
    this.#roster.broadcast({ type: 'participant-left', id: member.id, reason });
    this.#gone(member);
    this.#sweep();
  }

  /** Nobody sees the member any more. */
  #gone(member: Member): void {
    if (this.#election.remove(member.id)) this.#announceSpeaker();
    if (this.#roster.shown.length === 0) void this.#services.endAll();
  }

  #sweep(): void {
    if (!this.isEmpty) return;
    this.#cancelExpiry();
    this.#around.empty(this.name);
  }

  #announceSpeaker(): void {
    this.#roster.broadcast({ type: 'active-speaker', id: this.#election.speaker });
  }

  #recordFor(member: Member): void {
    if (!member.isShown) return;
    if (this.#properties.recordFromStart === true && this.#roster.shown.length === 1) this.#services.record(null);
    else if (member.grant.startRecording === true) this.#services.record(member.id);
  }

  #createSessions(): Sessions {
    const lost = (member: Member) => this.#remove(member, 'lost');
    return new Sessions({ roster: this.#roster, absences: this.#absences, clock: this.#options.clock, lost });
  }

  #createStanding(): Standing {
    return new Standing({
      roster: this.#roster,
      lobby: this.#lobby,
      announcements: this.#announcements,
      relays: this.#relays,
      mostShown: () => Math.min(this.#properties.maxParticipants ?? limits.participants, this.#options.maxParticipants),
      hidden: (member) => this.#gone(member),
    });
  }

  #createServices(): ServicesOfRoom {
    const { clock, recorder, transcriber, roomUrl } = this.#options;
    return new ServicesOfRoom({
      clock,
      recorder,
      transcriber,
      room: this.name,
      url: roomUrl?.(this.name) ?? '',
      entries: this.#around.entries,
      properties: () => this.#properties,
      tell: (message) => this.#roster.broadcast(message),
      eject: (service) => {
        for (const member of this.#roster)
          if (member.service === service) this.#eject(member, 'removed', 'the service ended');
      },
    });
  }

  #armExpiry(): void {
    const message = `the room ended at ${this.#properties.expiresAt}`;
    this.#cancelExpiry();
    this.#cancelExpiry = this.#deadlines.ofRoom(this.#properties, () => void this.end('room-expired', message));
  }
}
