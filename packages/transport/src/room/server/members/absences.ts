import type { Clock } from '@sluice/core';
import type { Member, MemberSocket } from './member.ts';
import type { Roster } from './roster.ts';

/** A member that was not heard of for this long is gone, in milliseconds, */
const GRACE_MS = 5_000;
/** but not before the others had time to say that they still receive its media, */
const ASK_MS = 1_500;
/** and if they do it has this long, */
const WITNESSED_GRACE_MS = 60_000;
/** while each report of that counts for this long, */
const WITNESS_MS = 2_000;
/** and is looked for this often. */
const LOOK_MS = 500;
/** Where those who could say so have lost their sockets as well, they have until then to come back. */
const UNHEARD_GRACE_MS = 10_000;
/** A timer that is later than this was held up by a blocked event loop. */
const STALL_MS = 300;

/** Members whose socket is gone: each may come back for a while. */
export class Absences {
  readonly #clock: Clock;
  readonly #roster: Roster;
  readonly #lost: (member: Member) => void;

  constructor(clock: Clock, roster: Roster, lost: (member: Member) => void) {
    this.#clock = clock;
    this.#roster = roster;
    this.#lost = lost;
  }

  detach(member: Member, socket: MemberSocket): void {
    if (member.socket !== socket || !this.#roster.has(member)) return;
    const clock = this.#clock;
    member.socket = undefined;
    member.detachedAt = clock.now();
    member.witnesses.clear();
    this.#tell(member, true);
    this.#judge(member, Math.max(socket.lastHeard + GRACE_MS, clock.now() + ASK_MS));
  }

  attach(member: Member, socket: MemberSocket): void {
    const wasDetached = member.socket === undefined;
    member.socket = socket;
    member.attachedAt = this.#clock.now();
    member.cancelReaper();
    if (wasDetached) this.#tell(member, false);
  }

  /** Somebody still receives media of these. Of who has a socket it says nothing, and would stay with it for as long as that is here. */
  witness(by: Member, ids: readonly string[]): void {
    for (const id of ids) {
      const other = this.#roster.get(id);
      if (other !== undefined && other !== by && other.socket === undefined)
        other.witnesses.set(by.id, this.#clock.now());
    }
  }

  #judge(member: Member, at: number): void {
    const clock = this.#clock;
    member.cancelReaper = clock.at(at, () => {
      const now = clock.now();
      const absentMs = now - member.detachedAt;
      // What was said while the event loop was blocked is read after its timers: wait for it.
      const stays =
        now - at > STALL_MS ||
        (absentMs < WITNESSED_GRACE_MS && this.#isWitnessed(member)) ||
        (absentMs < UNHEARD_GRACE_MS && this.#mayBeWitnessed(member));
      if (stays) this.#judge(member, now + LOOK_MS);
      else this.#lost(member);
    });
  }

  /** Whether somebody who may receive its media cannot say so now, or not yet. */
  #mayBeWitnessed(member: Member): boolean {
    const now = this.#clock.now();
    return [...this.#roster].some((other) => {
      if (other === member || !(other.wants(member) || member.wants(other))) return false;
      return other.socket === undefined ? now - other.detachedAt < GRACE_MS : now - other.attachedAt < ASK_MS;
    });
  }

  /** By those who have a connection with it: nobody else could know. Where several could, one alone does not decide. */
  #isWitnessed(member: Member): boolean {
    const since = this.#clock.now() - WITNESS_MS;
    const says = ({ id }: Member) => (member.witnesses.get(id) ?? Number.NEGATIVE_INFINITY) >= since;
    const connected = [...this.#roster].filter(
      (other) => other !== member && other.socket !== undefined && (other.wants(member) || member.wants(other)),
    );
    return connected.filter(says).length >= Math.max(1, Math.min(2, connected.length));
  }

  #tell(member: Member, detached: boolean): void {
    this.#roster.broadcast({ type: 'participant-detached', id: member.id, detached }, member);
  }
}
