import type { Clock } from '@sluice/core';
import { type ClientMessage, mayReceive, type PeerBody } from '@sluice/protocol';
import { candidateAllowed } from '../../protocol/candidate-policy.ts';
import { PairBudget } from '../budgets/pair-budget.ts';
import { RefusalError } from '../refusal.ts';
import type { Member } from './member.ts';
import type { Roster } from './roster.ts';

type Wish = Extract<PeerBody, { kind: 'subscribe' }>;

/** What members tell each other about their connections, as far as it may be passed on. */
export class Relays {
  readonly #roster: Roster;
  readonly #clock: Clock;
  readonly #loopback: boolean;

  constructor(roster: Roster, clock: Clock, loopback: boolean) {
    this.#roster = roster;
    this.#clock = clock;
    this.#loopback = loopback;
  }

  /** Returns whether it was passed on. */
  pass(from: Member, { to: id, body }: ClientMessage & { type: 'relay' }, bytes: number): boolean {
    // A participant that left a moment ago and one that never was look the same: nothing is learnt about other rooms.
    const to = this.#roster.get(id);
    if (to === undefined || to === from) return false;
    const pair = this.#pair(from, to);
    const isNewLink = pair.isNewLink(body);
    const charge = pair.take(body);
    if (charge === 'flood') throw new RefusalError('rate', 'too many messages or connections to one participant');
    if (charge === 'answer') from.budget.give(bytes);
    if (body.kind === 'candidate' && !candidateAllowed(body.candidate.candidate, this.#loopback)) return false;
    this.#pair(to, from).asked(body, isNewLink);
    if (body.kind === 'subscribe') this.#wish(from, to, body);
    else to.send({ type: 'relay', from: from.id, body });
    return true;
  }

  /** Tells the others what of a member's wishes holds, as its permissions are now. */
  renew(member: Member): void {
    for (const [id, { body, told }] of member.wishes) {
      const to = this.#roster.get(id);
      if (to !== undefined && told !== JSON.stringify(allowed(member, to, body))) this.#wish(member, to, body);
    }
  }

  forget(member: Member): void {
    for (const other of this.#roster) {
      other.wishes.delete(member.id);
      other.pairs.delete(member.id);
    }
  }

  #wish(from: Member, to: Member, body: Wish): void {
    const filtered = allowed(from, to, body);
    from.wishes.set(to.id, { body, told: JSON.stringify(filtered) });
    to.send({ type: 'relay', from: from.id, body: filtered });
  }

  #pair(from: Member, to: Member): PairBudget {
    let pair = from.pairs.get(to.id);
    if (pair === undefined) {
      pair = new PairBudget(this.#clock, from.isSuspect);
      from.pairs.set(to.id, pair);
    }
    return pair;
  }
}

/** A wish without what its sender may not receive. */
function allowed({ permissions }: Member, to: Member, { kind, link, tracks, staged }: Wish): Wish {
  const may = (name: string) => mayReceive(permissions, to, name);
  return { kind, link, tracks: tracks.filter(may), ...(staged === undefined ? {} : { staged: staged.filter(may) }) };
}
