import type { Clock } from '@sluice/core';
import {
  type ClientMessage,
  createId,
  createSecret,
  type LeaveReason,
  limits,
  PROTOCOL,
  type Refusal,
  type RoomInfo,
  type ServerMessage,
} from '@sluice/protocol';
import { candidateAllowed } from '../protocol/candidate-policy.ts';
import { idOfIdentity, sameSecret } from '../protocol/identity.ts';
import type { HubTally } from './hub-counts.ts';
import { Member, type MemberInit, type MemberSocket } from './member.ts';
import { RefusalError } from './refusal.ts';
import type { RoomProperties } from './room-properties.ts';
import { SpeakerElection } from './speaker-election.ts';

export interface RoomOptions {
  readonly clock: Clock;
  /** Whether the server itself is on loopback, so that loopback candidates make sense. */
  readonly loopback: boolean;
  readonly maxParticipants: number;
  /** Milliseconds since 1970, for times that people set. Default: the machine's. */
  readonly wallClock?: (() => number) | undefined;
}

/** Somebody in a room, as told to those outside. */
export interface PresentParticipant {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  /** ISO 8601. */
  readonly joinedAt: string;
}

/** A member that was not heard of for this long is gone, in milliseconds, */
const GRACE_MS = 5_000;
/** but not before the others had time to say that they still receive its media, */
const ASK_MS = 1_500;
/** and if they do it has this long, */
const WITNESSED_GRACE_MS = 60_000;
/** while each report of that counts for this long. */
const WITNESS_MS = 2_000;

/** One meeting: who is in it, what they announce, and the messages between them. Knows no sockets and no HTTP. */
export class Room {
  readonly name: string;
  readonly session = createId();
  readonly #options: RoomOptions;
  readonly #members = new Map<string, Member>();
  readonly #election = new SpeakerElection();
  readonly #tally: HubTally;
  readonly #onEmpty: () => void;
  #properties: RoomProperties;

  constructor(name: string, properties: RoomProperties, options: RoomOptions, tally: HubTally, onEmpty: () => void) {
    this.name = name;
    this.#properties = properties;
    this.#options = options;
    this.#tally = tally;
    this.#onEmpty = onEmpty;
  }

  /** Those who are shown. */
  get presence(): readonly PresentParticipant[] {
    return this.#shown.map(({ id, userId, userName, joinedAt }) => ({ id, userId, userName, joinedAt }));
  }

  get counts() {
    const all = [...this.#members.values()];
    const participants = this.#shown.length;
    const detached = all.filter(({ socket }) => socket === undefined).length;
    return { participants, hidden: all.length - participants, detached, waiting: 0, recordings: 0, transcriptions: 0 };
  }

  get #shown(): readonly Member[] {
    return [...this.#members.values()].filter(({ permissions }) => permissions.hasPresence);
  }

  /** Takes what the room is told to be from now on. */
  adopt(properties: RoomProperties): void {
    this.#properties = properties;
  }

  /** Removes everybody whom `which` picks. Returns how many it were. */
  ejectWhere(which: (member: Member) => boolean): number {
    const ejected = [...this.#members.values()].filter(which);
    for (const member of ejected) this.#eject(member, 'removed', 'you were removed from the room');
    return ejected.length;
  }

  /** Removes everybody. */
  end(refusal: Refusal, message: string): void {
    for (const member of [...this.#members.values()]) this.#eject(member, refusal, message);
  }

  get #info(): RoomInfo {
    const { name } = this;
    const { expiresAt = null, chat = true, ownerOnlyBroadcast = false } = this.#properties;
    return { name, expiresAt, recording: false, transcription: false, chat, ownerOnlyBroadcast };
  }

  get size(): number {
    return this.#members.size;
  }

  join(init: MemberInit, socket: MemberSocket): Member {
    const most = Math.min(this.#properties.maxParticipants ?? limits.participants, this.#options.maxParticipants);
    if (this.#shown.length >= most) throw new RefusalError('room-full', `the room has its ${most} participants`);
    if (this.#members.has(idOfIdentity(init.identity)))
      throw new RefusalError('illegal-order', 'this participant is in the room already; resume instead');
    const member = new Member(init);
    member.socket = socket;
    this.#tally.joined++;
    const participants = [...this.#members.values()].map((other) => other.info);
    this.#broadcast({ type: 'participant-joined', participant: member.info });
    this.#members.set(member.id, member);
    const { id, secret, info } = member;
    const activeSpeaker = this.#election.speaker;
    // Not a session message: it opens the session, and everything after it is counted.
    socket.send(
      JSON.stringify({
        type: 'welcome',
        protocol: PROTOCOL,
        session: this.session,
        id,
        secret,
        you: info,
        room: this.#info,
        participants,
        activeSpeaker,
        recordings: [],
        transcriptions: [],
        waiting: [],
      } satisfies ServerMessage),
    );
    return member;
  }

  resume(message: ClientMessage & { type: 'resume' }, socket: MemberSocket): Member {
    const member = this.#members.get(message.id);
    if (member === undefined || !sameSecret(member.secret, message.secret))
      throw new RefusalError('unknown-session', 'there is no such session to resume');
    const missed = member.missed(message.received);
    if (missed === undefined) {
      this.#remove(member, 'lost');
      throw new RefusalError('unknown-session', 'too much happened since the socket was lost; join again');
    }
    this.#tally.resumed++;
    member.socket?.refuse('replaced', 'the session was resumed on another socket');
    member.secret = createSecret();
    const wasDetached = member.socket === undefined;
    member.socket = socket;
    member.cancelReaper();
    socket.send(
      JSON.stringify({ type: 'resumed', secret: member.secret, received: member.received } satisfies ServerMessage),
    );
    for (const text of missed) socket.send(text);
    if (wasDetached) this.#broadcast({ type: 'participant-detached', id: member.id, detached: false }, member);
    return member;
  }

  /** A message of a member, after the checks of the protocol. */
  receive(member: Member, message: ClientMessage): void {
    if (this.#members.get(member.id) !== member) return;
    member.received++;
    switch (message.type) {
      case 'update':
        if (message.userName !== undefined) member.userName = message.userName;
        if (message.tracks !== undefined) member.tracks = message.tracks;
        if (message.userData !== undefined) member.userData = message.userData;
        this.#broadcast({ type: 'participant-updated', participant: member.info });
        break;
      case 'relay':
        this.#relay(member, message);
        break;
      case 'levels': {
        const levels = message.levels.filter(({ id }) => id !== member.id && this.#members.has(id));
        if (this.#election.report(levels, this.#options.clock.now())) this.#announceSpeaker();
        break;
      }
      case 'alive':
        for (const id of message.ids) {
          const other = this.#members.get(id);
          if (other !== undefined && other !== member) other.witnessedAt = this.#options.clock.now();
        }
        break;
      case 'ask':
        this.#tally.countDenied('unavailable');
        member.send({
          type: 'denied',
          number: message.number,
          code: 'unavailable',
          message: `this server does not know ${message.ask.ask}`,
        });
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
    if (member.socket !== socket || this.#members.get(member.id) !== member) return;
    const { clock } = this.#options;
    member.socket = undefined;
    member.detachedAt = clock.now();
    this.#broadcast({ type: 'participant-detached', id: member.id, detached: true }, member);
    const reap = () => {
      const now = clock.now();
      const witnessed = now - member.witnessedAt <= WITNESS_MS && now - member.detachedAt < WITNESSED_GRACE_MS;
      if (witnessed) member.cancelReaper = clock.at(now + 500, reap);
      else this.#remove(member, 'lost');
    };
    member.cancelReaper = clock.at(Math.max(socket.lastHeard + GRACE_MS, clock.now() + ASK_MS), reap);
  }

  close(): void {
    for (const member of this.#members.values()) {
      member.cancelReaper();
      member.socket?.refuse('closing', 'the server is closing');
    }
    this.#members.clear();
  }

  #relay(member: Member, { to, body }: ClientMessage & { type: 'relay' }): void {
    // A participant that left a moment ago and one that never was look the same: nothing is learnt about other rooms.
    const receiver = this.#members.get(to);
    if (receiver === undefined || receiver === member) return;
    if (body.kind === 'candidate' && !candidateAllowed(body.candidate.candidate, this.#options.loopback)) return;
    this.#tally.relayed++;
    receiver.send({ type: 'relay', from: member.id, body });
  }

  #eject(member: Member, refusal: Refusal, message: string): void {
    const { socket } = member;
    this.#remove(member, 'removed');
    socket?.refuse(refusal, message);
  }

  #remove(member: Member, reason: LeaveReason): void {
    member.cancelReaper();
    member.socket = undefined;
    if (!this.#members.delete(member.id)) return;
    this.#tally.countLeft(reason);
    const speakerLeft = this.#election.remove(member.id);
    this.#broadcast({ type: 'participant-left', id: member.id, reason });
    if (speakerLeft) this.#announceSpeaker();
    if (this.#members.size === 0) this.#onEmpty();
  }

  #announceSpeaker(): void {
    this.#broadcast({ type: 'active-speaker', id: this.#election.speaker });
  }

  #broadcast(message: ServerMessage, except?: Member): void {
    for (const member of this.#members.values()) if (member !== except) member.send(message);
  }
}
