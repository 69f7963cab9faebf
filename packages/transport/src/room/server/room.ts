import type { Cancel } from '@sluice/core';
import { type ClientMessage, createId, limits, type Refusal, type ServerMessage } from '@sluice/protocol';
import { idOfIdentity } from '../protocol/identity.ts';
import { answerAsk, type Outcome } from './asks/answer-ask.ts';
import type { AskRoom } from './asks/ask-room.ts';
import { Digits } from './asks/digits.ts';
import { DenialError } from './denial-error.ts';
import { Departures } from './departures.ts';
import { checkOpen } from './entry-policy.ts';
import { Absences } from './members/absences.ts';
import { Announcements } from './members/announcements.ts';
import { Deadlines } from './members/deadlines.ts';
import { Door } from './members/door.ts';
import { entryPermissions, servicePermissions } from './members/entry-permissions.ts';
import { JobLeases } from './members/job-leases.ts';
import { type Knock, Lobby } from './members/lobby.ts';
import { Member, type MemberInit, type MemberSocket } from './members/member.ts';
import { Relays } from './members/relays.ts';
import { Roster } from './members/roster.ts';
import { Sessions } from './members/sessions.ts';
import { Speakers } from './members/speakers.ts';
import { Standing } from './members/standing.ts';
import { RefusalError } from './refusal.ts';
import type { PresentParticipant, RoomOptions, RoomSurroundings } from './room-options.ts';
import type { RoomProperties } from './room-properties.ts';
import { ServicesOfRoom } from './services/services-of-room.ts';
import { welcome } from './welcome.ts';

/** One meeting: who is in it and who waits, what they announce, may do and ask for. Knows no sockets and no HTTP. */
export class Room {
  readonly name: string;
  readonly session = createId();
  readonly door: Door;
  readonly #options: RoomOptions;
  readonly #around: RoomSurroundings;
  readonly #roster = new Roster();
  readonly #lobby = new Lobby();
  readonly #leases = new JobLeases(this.#roster);
  readonly #speakers: Speakers;
  readonly #announcements: Announcements;
  readonly #absences: Absences;
  readonly #relays: Relays;
  readonly #digits: Digits;
  readonly #services: ServicesOfRoom;
  readonly #deadlines: Deadlines;
  readonly #sessions: Sessions;
  readonly #standing: Standing;
  readonly #asks: AskRoom;
  readonly #departures: Departures;
  #properties: RoomProperties;
  #cancelExpiry: Cancel = () => {};

  constructor(name: string, properties: RoomProperties, options: RoomOptions, around: RoomSurroundings) {
    const { clock, loopback } = options;
    this.name = name;
    this.#properties = properties;
    this.#options = options;
    this.#around = around;
    this.#speakers = new Speakers(this.#roster, clock);
    this.#announcements = new Announcements(clock, this.#roster);
    this.#absences = new Absences(clock, this.#roster, (member) => this.#departures.remove(member, 'lost'));
    this.#relays = new Relays(this.#roster, clock, loopback);
    this.#sessions = this.#createSessions();
    this.#standing = this.#createStanding();
    this.#digits = new Digits(clock, this.#roster);
    this.door = this.#createDoor();
    this.#deadlines = new Deadlines(clock, around.wallClock);
    this.#services = this.#createServices();
    this.#asks = this.#askRoom();
    this.#departures = this.#createDepartures();
    this.#armExpiry();
  }

  /** Those who are shown. */
  get presence(): readonly PresentParticipant[] {
    return this.#roster.presence;
  }

  get counts() {
    const { recordings, transcriptions } = this.#services.statuses;
    const services = { recordings: recordings.length, transcriptions: transcriptions.length };
    return { ...this.#roster.counts, ...services, waiting: this.#lobby.size };
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
    // A service of a meeting that is over, in a room of the same name: nobody here was told of it.
    if (init.service !== undefined && !this.#services.has(init.service))
      throw new RefusalError('token-invalid', 'the service is over');
    if (this.#roster.get(idOfIdentity(init.identity)) !== undefined)
      throw new RefusalError('illegal-order', 'this participant is in the room already; resume instead');
    const gone = this.#leases.goneFor(init.lease);
    const member = new Member(init, permissions, clock);
    this.#standing.enter(member, gone);
    member.socket = socket;
    member.isSuspect = socket.isSuspect ?? false;
    this.#around.tally.joined++;
    this.#roster.broadcast({ type: 'participant-joined', participant: member.publicInfo });
    socket.send(JSON.stringify(this.#welcome(member, gone)));
    this.#roster.add(member);
    // Not before somebody else is here: a room that nobody is in ends, and the next one of its name is another.
    this.#replace(gone);
    if (member.lease !== undefined && !member.isStandby) this.#leases.take(member);
    member.cancelExpiry = this.#deadlines.ofToken(init.grant, () =>
      this.#departures.eject(member, 'token-expired', 'the token has expired'),
    );
    if (member.isShown) this.#services.joined(member.id, member.grant, this.#roster.shown.length);
    return member;
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
        member.update(message, this.#options.clock.now());
        this.#announcements.changed(member);
        break;
      case 'relay':
        if (this.#relays.pass(member, message, bytes)) this.#around.tally.relayed++;
        break;
      case 'levels':
        this.#speakers.report(member, message.levels);
        break;
      case 'alive':
        this.#absences.witness(member, message.ids);
        break;
      case 'ask':
        answerAsk(this.#asks, member, message.ask, (outcome) => this.#answer(member, message.number, outcome));
        break;
      case 'leave':
        member.socket?.close();
        this.#departures.remove(member, 'left');
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
    return this.#departures.banishWhere(which);
  }

  /** Removes everybody, who waits too. Resolves when what the services made is written. */
  end(refusal: Refusal, message: string): Promise<void> {
    // Those of a server that is restarted keep each other and come back: to them nobody left.
    if (refusal === 'closing') this.#departures.silence();
    const written = this.#services.endAll();
    this.#cancelExpiry();
    for (const knock of this.#lobby.knocks) {
      this.#lobby.remove(knock);
      knock.socket.refuse(refusal, message);
    }
    for (const member of this.#roster) this.#departures.eject(member, refusal, message);
    this.#sweep();
    return written;
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
      eject: (member) => this.#departures.banish(member),
      takePlace: (member) => this.#takePlace(member),
      setPermissions: (member, permissions) => this.#standing.set(member, permissions),
      tellOf: (member) => this.#announcements.now(member),
      admit: (knock) => this.door.admit(knock),
      turnAway: (knock) => this.door.turnAway(knock),
      space: (shown) => this.#standing.space(shown),
    };
  }

  /** A bot that stood by begins. */
  #takePlace(member: Member): void {
    if (member.lease === undefined) throw new DenialError('state', 'it was joined without a lease');
    if (member.isStandby) this.#replace(this.#leases.take(member));
  }

  #replace(bots: readonly Member[]): void {
    for (const bot of bots) this.#departures.eject(bot, 'replaced', 'another bot has the job of this one');
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

  #sweep(): void {
    if (!this.isEmpty) return;
    this.#cancelExpiry();
    this.door.close();
    this.#around.empty(this.name);
  }

  #welcome(member: Member, without: readonly Member[] = []): ServerMessage {
    const { name, session } = this;
    return welcome({
      member,
      name,
      session,
      properties: this.#properties,
      participants: [...this.#roster].filter((one) => !without.includes(one)),
      lobby: this.#lobby,
      services: this.#services,
      activeSpeaker: this.#speakers.active,
    });
  }

  #createDepartures(): Departures {
    return new Departures({
      room: this.name,
      roster: this.#roster,
      speakers: this.#speakers,
      digits: this.#digits,
      relays: this.#relays,
      services: this.#services,
      around: this.#around,
      sweep: () => this.#sweep(),
    });
  }

  #createSessions(): Sessions {
    const welcome = (member: Member) => this.#welcome(member);
    return new Sessions({ roster: this.#roster, absences: this.#absences, clock: this.#options.clock, welcome });
  }

  #createDoor(): Door {
    const join = (knock: Knock) => {
      checkOpen(this.#properties, this.#around.wallClock());
      return this.join(knock.init, knock.socket);
    };
    return new Door({
      clock: this.#options.clock,
      roster: this.#roster,
      lobby: this.#lobby,
      join,
      left: () => this.#sweep(),
    });
  }

  #createStanding(): Standing {
    return new Standing({
      clock: this.#options.clock,
      roster: this.#roster,
      lobby: this.#lobby,
      announcements: this.#announcements,
      relays: this.#relays,
      mostShown: () => Math.min(this.#properties.maxParticipants ?? limits.participants, this.#options.maxParticipants),
      hidden: (member) => this.#departures.hidden(member),
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
          if (member.service === service) this.#departures.eject(member, 'removed', 'the service ended');
      },
    });
  }

  #armExpiry(): void {
    const message = `the room ended at ${this.#properties.expiresAt}`;
    this.#cancelExpiry();
    this.#cancelExpiry = this.#deadlines.ofRoom(this.#properties, () => void this.end('room-expired', message));
  }
}
