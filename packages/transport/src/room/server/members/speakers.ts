import type { Clock } from '@sluice/core';
import type { Member } from './member.ts';
import type { Roster } from './roster.ts';
import { SpeakerElection } from './speaker-election.ts';

/** Who speaks in a room, told to all whenever it changes. Who is not shown is no speaker. */
export class Speakers {
  readonly #election = new SpeakerElection();
  readonly #roster: Roster;
  readonly #clock: Clock;

  constructor(roster: Roster, clock: Clock) {
    this.#roster = roster;
    this.#clock = clock;
  }

  get active(): string | null {
    return this.#election.speaker;
  }

  /** What one member hears of the others. */
  report(by: Member, heard: readonly { readonly id: string; readonly dbfs: number }[]): void {
    const levels = heard.filter(({ id }) => id !== by.id && this.#roster.get(id)?.isShown === true);
    if (this.#election.report(levels, this.#clock.now())) this.#tell();
  }

  remove({ id }: Member): void {
    if (this.#election.remove(id)) this.#tell();
  }

  #tell(): void {
    this.#roster.broadcast({ type: 'active-speaker', id: this.#election.speaker });
  }
}
