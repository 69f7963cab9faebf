import type { VirtualClock } from '@sluice/core/testing';
import type { Recognizer } from '@sluice/core/voice';
import type { VoiceAgent } from '@sluice/nodes';
import type { Understanding } from './faulty-ears.ts';
import { Person, understandPerson } from './person.ts';

export interface PeopleOptions {
  readonly clock: VirtualClock;
  /** How long the agent waits for somebody to come back, in milliseconds. */
  readonly aloneMs: number;
  /** Ann is added like others who come; otherwise the agent hears her from the beginning. */
  readonly added: boolean;
  readonly recognizer: (understanding: () => Understanding) => Recognizer;
  readonly agent: () => VoiceAgent;
}

/** Ann, who is there from the beginning, and Bob, who comes and goes. */
export class People {
  readonly ann: Person;
  readonly bob: Person;
  readonly annsRecognizer: Recognizer;
  /** Nobody was there for so long that the agent has ended, or has just not. */
  wereGone = false;
  /** Comings and goings that were refused. */
  readonly refused: unknown[] = [];
  /** Comings and goings that are under way. */
  moving = 0;
  readonly #options: PeopleOptions;
  #spoken = 0;
  #annIsThere: boolean;
  #bobIsThere = false;
  #aloneSince: number | undefined;

  constructor(options: PeopleOptions) {
    const { clock, recognizer, added } = options;
    this.#options = options;
    this.ann = new Person(clock);
    this.bob = new Person(clock);
    this.annsRecognizer = recognizer(() => understandPerson(this.ann));
    this.#annIsThere = !added;
  }

  /** Words that nobody has said before. */
  words(): string {
    return `p${++this.#spoken} and q${this.#spoken}`;
  }

  annComes(): void {
    if (this.#annIsThere) return;
    this.#annIsThere = true;
    const { added, agent } = this.#options;
    this.ann.away = false;
    if (added) this.#move(agent().addSpeaker({ id: 'ann', name: 'Ann', hears: this.ann.source() }));
    this.#company();
  }

  annGoes(): void {
    if (!this.#annIsThere) return;
    this.#annIsThere = false;
    const { added, agent } = this.#options;
    if (added) this.#move(agent().removeSpeaker('ann'));
    else this.ann.away = true;
    this.#company();
  }

  bobComes(): void {
    if (this.#bobIsThere) return;
    this.#bobIsThere = true;
    const { recognizer, agent } = this.#options;
    const hears = this.bob.source();
    const ears = recognizer(() => understandPerson(this.bob));
    this.#move(agent().addSpeaker({ id: 'bob', name: 'Bob', hears, recognizer: ears }));
    this.#company();
  }

  bobGoes(): void {
    if (!this.#bobIsThere) return;
    this.#bobIsThere = false;
    this.#move(this.#options.agent().removeSpeaker('bob'));
    this.#company();
  }

  /** Nobody speaks. */
  hush(): void {
    for (const person of [this.ann, this.bob]) person.hush();
  }

  #company(): void {
    const { clock, aloneMs, agent } = this.#options;
    const present = this.#annIsThere || this.#bobIsThere;
    if (this.#aloneSince !== undefined && clock.now() - this.#aloneSince >= aloneMs) this.wereGone = true;
    this.#aloneSince = present ? undefined : clock.now();
    agent().setCompany(present);
  }

  #move(work: Promise<void>): void {
    this.moving++;
    work.then(
      () => this.moving--,
      (error: unknown) => {
        this.moving--;
        this.refused.push(error);
      },
    );
  }
}
