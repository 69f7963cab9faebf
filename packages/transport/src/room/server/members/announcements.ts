import type { Clock } from '@sluice/core';
import type { Member } from './member.ts';
import type { Roster } from './roster.ts';

/** Tells what members have become: at once, but of one that changes all the time only a few times a second. */
export class Announcements {
  readonly #clock: Clock;
  readonly #roster: Roster;

  constructor(clock: Clock, roster: Roster) {
    this.#clock = clock;
    this.#roster = roster;
  }

  /** What it says of itself changed. */
  changed(member: Member): void {
    if (member.cancelUpdate !== undefined) return;
    const waitMs = member.updates.take();
    if (waitMs === 0) this.now(member);
    else member.cancelUpdate = this.#clock.at(this.#clock.now() + waitMs, () => this.now(member));
  }

  now(member: Member): void {
    member.cancelUpdate?.();
    member.cancelUpdate = undefined;
    if (!this.#roster.has(member)) return;
    this.#roster.broadcast({ type: 'participant-updated', participant: member.publicInfo }, member);
    this.self(member);
  }

  /** The member alone. */
  self(member: Member): void {
    member.send({ type: 'participant-updated', participant: member.info });
  }
}
