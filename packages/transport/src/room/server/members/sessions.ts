import type { Clock } from '@sluice/core';
import type { ClientMessage, ServerMessage } from '@sluice/protocol';
import { sameSecret } from '../../protocol/identity.ts';
import { RefusalError } from '../refusal.ts';
import type { Absences } from './absences.ts';
import type { Member, MemberSocket } from './member.ts';
import type { Roster } from './roster.ts';

/** Coming back costs the others more than a message: it counts as so many, with everything told anew as so many, */
const RESUME_COST = 10;
const SNAPSHOT_COST = 100;
/** and too often is this far ahead, in milliseconds. */
const TOO_OFTEN_MS = 2_000;

export interface SessionsOptions {
  readonly roster: Roster;
  readonly absences: Absences;
  readonly clock: Clock;
  /** What is told to somebody who enters. */
  readonly welcome: (member: Member) => ServerMessage;
}

/** Members that come back on another socket: with their secret, to what they missed. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  resume(message: ClientMessage & { type: 'resume' }, socket: MemberSocket): Member {
    const { roster, absences, clock } = this.#options;
    const member = roster.get(message.id);
    if (member === undefined || !member.knows((secret) => sameSecret(secret, message.secret)))
      throw new RefusalError('unknown-session', 'there is no such session to resume');
    const missed = member.missed(message.received);
    const cost = missed === undefined ? SNAPSHOT_COST : RESUME_COST;
    if (member.budget.take(0, cost) > TOO_OFTEN_MS) throw new RefusalError('rate', 'resumed too often');
    const old = member.socket;
    const secret = member.renewSecret(clock.now());
    if (missed === undefined) this.#tellAnew(member, socket);
    else {
      socket.send(JSON.stringify({ type: 'resumed', secret, received: member.received } satisfies ServerMessage));
      for (const text of missed) socket.send(text);
    }
    absences.attach(member, socket);
    // Now that the member has another socket, the end of this one changes nothing.
    old?.refuse('replaced', 'the session was resumed on another socket');
    return member;
  }

  /** Nobody is lost because others said much meanwhile: it gets everything as it is now, and the others say theirs again. */
  #tellAnew(member: Member, socket: MemberSocket): void {
    const { roster, welcome } = this.#options;
    member.beginAnew();
    socket.send(JSON.stringify(welcome(member)));
    roster.broadcast({ type: 'participant-joined', participant: member.publicInfo }, member);
  }
}
