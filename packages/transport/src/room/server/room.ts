import type { Clock } from '@sluice/core';
import {
  type ClientMessage,
  createId,
  createSecret,
  type LeaveReason,
  PROTOCOL,
  type RoomInfo,
  type ServerMessage,
} from '@sluice/protocol';
import { candidateAllowed } from '../protocol/candidate-policy.ts';
import { idOfIdentity, sameSecret } from '../protocol/identity.ts';
import { Member, type MemberInit, type MemberSocket } from './member.ts';
import { RefusalError } from './refusal.ts';
import { SpeakerElection } from './speaker-election.ts';

export interface RoomOptions {
  readonly clock: Clock;
  /** Whether the server itself is on loopback, so that loopback candidates make sense. */
  readonly loopback: boolean;
  readonly maxParticipants: number;
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
  readonly #onEmpty: () => void;

  constructor(name: string, options: RoomOptions, onEmpty: () => void) {
    this.name = name;
    this.#options = options;
    this.#onEmpty = onEmpty;
  }

  get #info(): RoomInfo {
    const { name } = this;
    return { name, expiresAt: null, recording: false, transcription: false, chat: true, ownerOnlyBroadcast: false };
  }

  get size(): number {
    return this.#members.size;
  }

  join(init: MemberInit, socket: MemberSocket): Member {
    if (this.#members.size >= this.#options.maxParticipants)
      throw new RefusalError('room-full', `the room has its ${this.#options.maxParticipants} participants`);
    if (this.#members.has(idOfIdentity(init.identity)))
      throw new RefusalError('illegal-order', 'this participant is in the room already; resume instead');
    const member = new Member(init);
    member.socket = socket;
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
    receiver.send({ type: 'relay', from: member.id, body });
  }

  #remove(member: Member, reason: LeaveReason): void {
    member.cancelReaper();
    member.socket = undefined;
    if (!this.#members.delete(member.id)) return;
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
