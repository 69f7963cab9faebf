import type { LeaveReason, Refusal } from '@sluice/protocol';
import type { Digits } from './asks/digits.ts';
import type { Member } from './members/member.ts';
import type { Relays } from './members/relays.ts';
import type { Roster } from './members/roster.ts';
import type { Speakers } from './members/speakers.ts';
import type { RoomSurroundings } from './room-options.ts';
import type { ServicesOfRoom } from './services/services-of-room.ts';

export interface DeparturesOptions {
  readonly room: string;
  readonly roster: Roster;
  readonly speakers: Speakers;
  readonly digits: Digits;
  readonly relays: Relays;
  readonly services: ServicesOfRoom;
  readonly around: RoomSurroundings;
  /** Ends the room if nobody is in it any more. */
  readonly sweep: () => void;
}

/** How members go: by themselves, lost, or removed. */
export class Departures {
  readonly #options: DeparturesOptions;
  #silent = false;

  constructor(options: DeparturesOptions) {
    this.#options = options;
  }

  /** From now on nobody is told who goes. */
  silence(): void {
    this.#silent = true;
  }

  /** Removes all participants whom `which` picks; none of them is to come back. Returns how many it were. */
  banishWhere(which: (member: Member) => boolean): number {
    const banished = [...this.#options.roster].filter((member) => member.service === undefined && which(member));
    for (const member of banished) this.banish(member);
    return banished.length;
  }

  /** Removes somebody who is not to come back. */
  banish(member: Member): void {
    const { around, room } = this.#options;
    around.removals.add(room, member.id, member.grant);
    this.eject(member, 'removed', 'you were removed from the room');
  }

  eject(member: Member, refusal: Refusal, message: string): void {
    const { socket } = member;
    this.remove(member, 'removed');
    socket?.refuse(refusal, message);
  }

  remove(member: Member, reason: LeaveReason): void {
    const { roster, around, digits, relays, sweep } = this.#options;
    member.dispose();
    member.socket = undefined;
    if (!roster.delete(member)) return;
    around.tally.countLeft(reason);
    digits.forget(member);
    relays.forget(member);
    if (!this.#silent) roster.broadcast({ type: 'participant-left', id: member.id, reason });
    this.hidden(member);
    sweep();
  }

  /** Nobody sees the member any more. */
  hidden(member: Member): void {
    const { speakers, roster, services } = this.#options;
    speakers.remove(member);
    if (roster.shown.length === 0) void services.endAll();
  }
}
