import { type Clock, SluiceError } from '@sluice/core';
import { type Ask, limits, type RoomParticipantInfo, TokenBucket } from '@sluice/protocol';
import type { JobLease } from './job-lease.ts';
import { type CardMessage, writeDisplay } from './participant-card.ts';
import { SaidMessages } from './said-messages.ts';

/** What this side says of itself to everybody, in the display name that the server passes on, in order. */
export class OwnCard {
  readonly #say: (display: string) => Promise<void>;
  readonly #info: () => RoomParticipantInfo;
  readonly #lease: () => JobLease | undefined;
  readonly #budget: TokenBucket;
  readonly #said = new SaidMessages();
  readonly #clock: Clock;
  #last = 0;
  #saying: Promise<void> = Promise.resolve();
  #wanted = false;

  constructor(
    clock: Clock,
    info: () => RoomParticipantInfo,
    lease: () => JobLease | undefined,
    say: (display: string) => Promise<void>,
  ) {
    this.#clock = clock;
    this.#lease = lease;
    this.#info = info;
    this.#say = say;
    const perSecond = limits.appMessagesPerSecond;
    this.#budget = new TokenBucket({ clock, burst: 2 * perSecond, perSecond });
  }

  /** As it is now, with the last messages in it: who has heard one, hears it once. */
  get display(): string {
    return writeDisplay(this.#info(), this.#said.all, this.#lease());
  }

  /** Of ourselves something changed. Changes of one moment are said once. A break of the signalling: said after it. */
  changed(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#saying = this.#saying.then(async () => {
      if (!this.#wanted) return;
      this.#wanted = false;
      await this.#say(this.display).catch(() => {});
    });
  }

  /**
   * Says a message, after all that was said before it.
   *
   * @throws `SLUICE_ROOM_DENIED` (`rate`); what the server refuses it with.
   */
  async message(message: Omit<CardMessage, 'n'>, asked: Ask['ask']): Promise<void> {
    if (!this.#budget.tryTake()) throw denied(asked, 'rate', 'more messages than ten a second');
    const numbered: CardMessage = { n: ++this.#last, ...message };
    await this.#sayAfter(() => this.#said.push(numbered, this.#clock.now()));
  }

  /**
   * Resolves when the others were told what we are now.
   *
   * @throws what the server refuses it with.
   */
  told(): Promise<void> {
    return this.#sayAfter(() => {});
  }

  async #sayAfter(change: () => void): Promise<void> {
    const said = this.#saying.then(() => {
      change();
      this.#wanted = false;
      return this.#say(this.display);
    });
    this.#saying = said.catch(() => {});
    await said;
  }
}

/** What is not done, as embedded rooms say it. */
export function denied(
  asked: string,
  denial: 'rate' | 'state' | 'not-allowed' | 'unavailable' | 'unknown-participant',
  why: string,
) {
  const error = new SluiceError('SLUICE_ROOM_DENIED', `the room refused ${asked}: ${why}`, {
    received: denial,
    fix: 'See docs/janus.md for what rooms of Janus do',
  });
  return Object.assign(error, { denial });
}
