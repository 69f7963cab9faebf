import type { Agenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { Job } from './simulated-worker.ts';

/** Of queued jobs that it hands out: what a server of one machine was measured to keep of them. */
const PER_MS = 3;
/** What was handed out and not settled in this time is handed out again. */
const ACK_MS = 3_000;
/** Within what time its clients are back when it is. */
const RECONNECT_MS = 2_000;

/** What becomes of a job that was handed out: `later` in so many milliseconds. */
export type Settled = 'done' | { readonly later: number };

/** The server: a queue with a bounded rate, a way there and back, and nothing at all while it is away. */
export class SimulatedNats {
  readonly #agenda: Agenda;
  readonly #chance: Chance;
  readonly #handle: (job: Job, settle: (settled: Settled) => void) => void;
  #queue: Job[] = [];
  #next = 0;
  #handing = false;
  #readingUntil = 0;
  #whenBack: (() => void)[] = [];
  isAway = false;
  /** Counts its returns: what was on its way before is lost. */
  #times = 0;

  constructor(agenda: Agenda, chance: Chance, handle: (job: Job, settle: (settled: Settled) => void) => void) {
    this.#agenda = agenda;
    this.#chance = chance;
    this.#handle = handle;
  }

  goAway(ms: number): void {
    this.isAway = true;
    this.#times++;
    this.#agenda.after(ms, () => {
      this.isAway = false;
      for (const action of this.#whenBack.splice(0)) this.#agenda.after(this.#chance.between(0, RECONNECT_MS), action);
      this.#handOut();
    });
  }

  /** There and back. What was asked while it was away is asked when it is back; an answer may be lost on its way. */
  ask(action: () => void, lost?: () => void): void {
    if (this.isAway) return void this.#whenBack.push(() => this.ask(action, lost));
    const times = this.#times;
    this.#agenda.after(this.#chance.between(0.5, 4), () => {
      if (times === this.#times) action();
      else if (lost !== undefined) this.#whenBack.push(lost);
      else this.ask(action);
    });
  }

  enqueue(job: Job, afterMs = 0): void {
    this.#agenda.after(afterMs, () => {
      this.#queue.push(job);
      this.#handOut();
    });
  }

  /** Reads all jobs, one reader after the other: what they weigh is more than the way there. */
  readAll(ms: number, action: () => void): void {
    const { now } = this.#agenda;
    this.#readingUntil = Math.max(now, this.#readingUntil) + ms;
    this.#agenda.after(this.#readingUntil - now, () => (this.isAway ? this.#whenBack.push(action) : action()));
  }

  #handOut(): void {
    if (this.#handing || this.isAway) return;
    this.#handing = true;
    for (let n = 0; n < PER_MS && this.#next < this.#queue.length; n++) this.#give(this.#queue[this.#next++]!);
    const isEmpty = this.#next === this.#queue.length;
    if (isEmpty) {
      this.#queue = [];
      this.#next = 0;
    }
    this.#agenda.after(1, () => {
      this.#handing = false;
      if (this.#queue.length > 0) this.#handOut();
    });
  }

  #give(job: Job): void {
    let isSettled = false;
    const times = this.#times;
    this.#handle(job, (settled) => {
      // Of what was handed out before it went it hears nothing.
      if (isSettled || times !== this.#times) return;
      isSettled = true;
      if (settled !== 'done') this.enqueue(job, settled.later);
    });
    this.#agenda.after(ACK_MS, () => {
      if (!isSettled) this.enqueue(job);
      isSettled = true;
    });
  }
}
