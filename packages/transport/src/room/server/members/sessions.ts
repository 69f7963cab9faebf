import type { Clock } from '@sluice/core';
import type { ClientMessage, ServerMessage } from '@sluice/protocol';
import { sameSecret } from '../../protocol/identity.ts';
import { RefusalError } from '../refusal.ts';
import type { Absences } from './absences.ts';
import type { Member, MemberSocket } from './member.ts';
import type { Roster } from './roster.ts';

/** Coming back costs the others more than a message: it counts as so many, and too often is this far ahead, in ms. */
const RESUME_COST = 10;
const TOO_OFTEN_MS = 2_000;

export interface SessionsOptions {
  readonly roster: Roster;
  readonly absences: Absences;
  readonly clock: Clock;
  /** What a member missed is not known any more. */
  readonly lost: (member: Member) => void;
}

/** Members that come back on another socket: with their secret, to what they missed. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  resume(message: ClientMessage & { type: 'resume' }, socket: MemberSocket): Member {
    const { roster, absences, clock, lost } = this.#options;
    const member = roster.get(message.id);
    if (member === undefined || !member.knows((secret) => sameSecret(secret, message.secret)))
      throw new RefusalError('unknown-session', 'there is no such session to resume');
    if (member.budget.take(0, RESUME_COST) > TOO_OFTEN_MS) throw new RefusalError('rate', 'resumed too often');
    const missed = member.missed(message.received);
    const old = member.socket;
    if (missed === undefined) {
      lost(member);
      old?.refuse('replaced', 'the session ended on another socket');
      throw new RefusalError('unknown-session', 'too much happened since the socket was lost; join again');
    }
    const secret = member.renewSecret(clock.now());
    socket.send(JSON.stringify({ type: 'resumed', secret, received: member.received } satisfies ServerMessage));
    for (const text of missed) socket.send(text);
    absences.attach(member, socket);
    // Now that the member has another socket, the end of this one changes nothing.
    old?.refuse('replaced', 'the session was resumed on another socket');
    return member;
  }
}
