import type { Clock } from '@sluice/core';
import { limits, type Permissions, TokenBucket } from '@sluice/protocol';
import { RefusalError } from '../refusal.ts';
import type { Announcements } from './announcements.ts';
import { placesOf } from './job-leases.ts';
import type { Lobby } from './lobby.ts';
import type { Member } from './member.ts';
import type { Relays } from './relays.ts';
import type { Roster } from './roster.ts';

/** Those who come into a room in the long run, a second: each has all others make a connection. A whole room may at once. */
const ENTRIES_PER_SECOND = 4;

export interface StandingOptions {
  readonly clock: Clock;
  readonly roster: Roster;
  readonly lobby: Lobby;
  readonly announcements: Announcements;
  readonly relays: Relays;
  /** Those who may be shown. */
  readonly mostShown: () => number;
  /** A member is not shown any more. */
  readonly hidden: (member: Member) => void;
}

/** Who may come in, and what changes for everybody when the permissions of a member change. */
export class Standing {
  readonly #options: StandingOptions;
  readonly #entries: TokenBucket;

  constructor(options: StandingOptions) {
    this.#options = options;
    const burst = limits.participants + limits.hidden;
    this.#entries = new TokenBucket({ clock: options.clock, burst, perSecond: ENTRIES_PER_SECOND });
  }

  /**
   * Counts somebody who comes in, for whom others go. Throws a RefusalError where there is no room, or too many come and go.
   */
  enter(member: Member, gone: readonly Member[]): void {
    const stay = this.#present(member.isShown).filter((one) => !gone.includes(one));
    if (this.#left(member.isShown, [...stay, member]) < 0)
      throw new RefusalError('room-full', 'the room has all the participants it takes');
    if (!this.#entries.tryTake()) throw new RefusalError('busy', 'too many come into this room at once');
  }

  /** How many more may be shown, or hidden. */
  space(shown: boolean): number {
    return this.#left(shown, this.#present(shown));
  }

  set(member: Member, permissions: Permissions): void {
    const { announcements, relays, lobby } = this.#options;
    const { isShown, isHost } = member;
    if (JSON.stringify(member.permissions) === JSON.stringify(permissions)) return;
    member.permissions = permissions;
    if (isShown === member.isShown) announcements.changed(member);
    else this.#show(member);
    relays.renew(member);
    if (isHost !== member.isHost) member.send({ type: 'waiting-updated', waiting: member.isHost ? lobby.list : [] });
  }

  #present(shown: boolean): readonly Member[] {
    return [...this.#options.roster].filter(({ isShown }) => isShown === shown);
  }

  #left(shown: boolean, present: readonly Member[]): number {
    if (!shown) return limits.hidden - present.length;
    return Math.min(this.#options.mostShown() - placesOf(present), limits.participants - present.length);
  }

  /** Who is hidden now leaves and comes back without a name; who is shown now comes with one. */
  #show(member: Member): void {
    const { roster, announcements, hidden } = this.#options;
    const { id } = member;
    if (!member.isShown) roster.broadcast({ type: 'participant-left', id, reason: 'hidden' }, member);
    roster.broadcast({ type: 'participant-joined', participant: member.publicInfo }, member);
    announcements.self(member);
    if (!member.isShown) hidden(member);
  }
}
