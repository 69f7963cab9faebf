import type { Cancel, Clock } from '@sluice/core';
import type { Member } from './member.ts';
import type { Roster } from './roster.ts';
import { SpeakerElection } from './speaker-election.ts';

/** A change is told this long after the one before at the earliest, in milliseconds. */
const APART_MS = 300;

/** Who speaks in a room, told to all whenever it changes. Who is not shown is no speaker. */
export class Speakers {
  readonly #election = new SpeakerElection((id) => this.#severalHear(id));
  readonly #roster: Roster;
  readonly #clock: Clock;
  #told: string | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  #cancel: Cancel | undefined;

  constructor(roster: Roster, clock: Clock) {
    this.#roster = roster;
    this.#clock = clock;
  }

  /** As all were told. */
  get active(): string | null {
    return this.#told;
  }

  /** What one member hears of the others. */
  report(by: Member, heard: readonly { readonly id: string; readonly dbfs: number }[]): void {
    const levels = heard.filter(({ id }) => {
      const of = this.#roster.get(id);
      return of !== undefined && of !== by && of.isShown && by.hears(of);
    });
    this.#election.report(by.id, levels, this.#clock.now());
    this.#changed();
  }

  remove({ id }: Member): void {
    this.#election.remove(id);
    // Nobody is to look for who is not there.
    if (this.#told === id) this.#tell();
    else this.#changed();
  }

  #severalHear(id: string): boolean {
    const of = this.#roster.get(id);
    let hearing = 0;
    for (const other of this.#roster)
      if (of !== undefined && other !== of && other.socket !== undefined && other.hears(of) && ++hearing === 2)
        return true;
    return false;
  }

  #changed(): void {
    if (this.#cancel !== undefined || this.#election.speaker === this.#told) return;
    const at = this.#toldAt + APART_MS;
    if (at <= this.#clock.now()) this.#tell();
    else this.#cancel = this.#clock.at(at, () => this.#tell());
  }

  #tell(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const { speaker } = this.#election;
    if (speaker === this.#told) return;
    this.#told = speaker;
    this.#toldAt = this.#clock.now();
    this.#roster.broadcast({ type: 'active-speaker', id: speaker });
  }
}
