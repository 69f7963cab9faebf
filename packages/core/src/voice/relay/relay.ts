// Models made of models: a session that is relayed to another, and goes on with the next where that one is lost or
// replaced. No model of its own: what is behind it are models like any other.

import { toError } from '../../errors.ts';
import type { Cancel } from '../../time/clock.ts';
import type { VoiceSession } from '../model.ts';
import type { SessionContext, SessionHandlers } from '../session.ts';
import { Leg } from './leg.ts';
import type { Taken, Unanswered } from './unanswered.ts';

/** How long a session that is to be replaced may go on with a stretch of sound, in milliseconds. */
const LONGEST_STRETCH_MS = 10_000;

type Session<Item, Event> = VoiceSession<Item, Event, object>;

/** Who is asked after a session. */
export interface Successors<Item, Event> {
  /** How to open the next one after a fault; undefined when nobody is left to ask. */
  after(error: unknown): (() => Promise<Session<Item, Event>>) | undefined;
  /** What is told when nobody is left. */
  last(error: unknown): Error;
  /** Something was answered: what failed before is forgotten. */
  answered(): void;
  close(): void;
}

/**
 * Relays what is written to one session after another, and what they tell in the order of what was written. What one of
 * them leaves unanswered is written to the next.
 */
export class Relay<Item, Event> implements SessionHandlers<Item> {
  readonly #context: SessionContext<Event, object>;
  readonly #unanswered: Unanswered<Item, Event>;
  readonly #successors: Successors<Item, Event>;
  /** The first is read; the last is written to. */
  readonly #legs: Leg<Item, Event>[] = [];
  /** It takes over when the stretch is over that is being said. */
  #next: { readonly session: Session<Item, Event>; readonly late: Cancel; readonly begun: () => void } | undefined;
  #epoch = 0;
  #room: (() => void)[] = [];
  #closed = false;

  constructor(
    context: SessionContext<Event, object>,
    unanswered: Unanswered<Item, Event>,
    successors: Successors<Item, Event>,
  ) {
    this.#context = context;
    this.#unanswered = unanswered;
    this.#successors = successors;
  }

  /** Goes on with a session: what was begun is finished by the one before it. `begun` is called when it takes over. */
  handOver(session: Session<Item, Event>, begun: () => void = () => {}): void {
    if (this.#closed) return void session.close().catch(() => {});
    this.#dropNext();
    const { seam, newest } = this.#unanswered;
    if (seam !== 'later' || this.#legs.length === 0) begun();
    if (this.#legs.length === 0 || seam === 'again') return this.#again(session);
    if (seam === 'behind') return this.#behind(session, newest);
    const { clock } = this.#context;
    this.#next = { session, begun, late: clock.at(clock.now() + LONGEST_STRETCH_MS, () => void this.flush()) };
  }

  /** Goes on with a session that is not open yet. What is written waits for it. */
  await(open: () => Promise<Session<Item, Event>>): void {
    open().then(
      (session) => this.handOver(session),
      (reason: unknown) => {
        if (!this.#closed) this.#context.fail(reason);
      },
    );
  }

  write(item: Item): void | Promise<void> {
    this.#unanswered.add(item);
    this.#pump();
    if (this.#hasRoom) return;
    return new Promise((resolve) => this.#room.push(resolve));
  }

  flush(): Promise<void> {
    const flushed = this.#unanswered.flush();
    const session = this.#takeNext();
    if (session === undefined) this.#pump();
    else this.#behind(session, this.#unanswered.newest);
    return flushed;
  }

  onCancel(epoch: number): void {
    this.#epoch = epoch;
    this.#unanswered.cancel(epoch);
    for (const { session } of this.#legs) session.cancel(epoch);
    this.#advance();
    // Who waits for room waits no more when what stood before is gone.
    this.#pump();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#successors.close();
    this.#dropNext();
    this.#unanswered.close();
    for (const resolve of this.#room.splice(0)) resolve();
    await Promise.all(this.#legs.splice(0).map((leg) => leg.close()));
  }

  get #hasRoom(): boolean {
    const last = this.#legs.at(-1);
    return last !== undefined && !last.busy && this.#unanswered.next(last.place, last.until) === undefined;
  }

  #behind(session: Session<Item, Event>, place: number): void {
    const before = this.#legs.at(-1);
    if (before !== undefined) before.until = place;
    this.#begin(session, place);
    this.#advance();
  }

  /** It is given all that is unanswered. */
  #again(session: Session<Item, Event>): void {
    for (const leg of this.#legs.splice(0)) void leg.close().catch(() => {});
    this.#unanswered.again();
    this.#begin(session, 0);
  }

  #begin(session: Session<Item, Event>, place: number): void {
    session.cancel(this.#epoch);
    const leg = new Leg(session, place);
    this.#legs.push(leg);
    if (this.#legs[0] === leg) this.#read(leg);
    this.#pump();
  }

  /** Writes what has not been written, as far as there is room. */
  #pump(): void {
    for (const leg of this.#legs) {
      for (;;) {
        const entry = leg.busy || leg.isOver ? undefined : this.#unanswered.next(leg.place, leg.until);
        if (entry === undefined) break;
        leg.place = entry.place;
        if (entry.item === undefined) void this.#settle(leg, entry.place);
        else this.#give(leg, entry.item);
      }
    }
    if (this.#hasRoom) for (const resolve of this.#room.splice(0)) resolve();
  }

  #give(leg: Leg<Item, Event>, item: Item): void {
    const written = leg.session.write(item);
    if (written === undefined) return;
    leg.busy = true;
    void written.then(() => {
      leg.busy = false;
      this.#pump();
    });
  }

  async #settle(leg: Leg<Item, Event>, place: number): Promise<void> {
    const isAnswered = await leg.flush();
    if (!isAnswered || !this.#legs.includes(leg)) return;
    this.#unanswered.settle(place);
    this.#advance();
  }

  #read(leg: Leg<Item, Event>): void {
    void leg.read(
      (event) => this.#take(leg, event),
      (error) => this.#lose(leg, error),
    );
  }

  /** The one after takes its turn when the first has answered all that it was given. */
  #advance(): void {
    for (;;) {
      const [first, second] = this.#legs;
      if (first === undefined || second === undefined || !this.#unanswered.isAnswered(first.until)) return;
      this.#legs.shift();
      void first.close().catch(() => {});
      this.#read(second);
    }
  }

  #take(leg: Leg<Item, Event>, event: Event): void {
    if (!this.#legs.includes(leg)) return;
    const taken = this.#unanswered.take(event);
    if (taken.type === 'failed') return this.#retry(taken);
    for (const told of taken.events) this.#context.emit(told);
    if (!taken.answers) return;
    this.#successors.answered();
    this.#advance();
    if (this.#unanswered.seam !== 'again') return;
    const session = this.#takeNext();
    if (session !== undefined) this.#again(session);
  }

  /** A request failed of which nothing was told: another may do. */
  #retry({ error, giveUp }: Extract<Taken<Event>, { readonly type: 'failed' }>): void {
    const next = this.#successors.after(error);
    if (next !== undefined) return void this.#goOn(error, next);
    for (const told of giveUp(this.#successors.last(error))) this.#context.emit(told);
    this.#advance();
  }

  #lose(leg: Leg<Item, Event>, error: unknown): void {
    if (this.#closed || !this.#legs.includes(leg)) return;
    const waiting = this.#takeNext();
    if (waiting !== undefined) return this.#goOn(error, async () => waiting);
    const next = this.#successors.after(error);
    if (next === undefined) return this.#context.fail(this.#successors.last(error));
    this.#goOn(error, next);
  }

  #goOn(error: unknown, open: () => Promise<Session<Item, Event>>): void {
    for (const leg of this.#legs.splice(0)) void leg.close().catch(() => {});
    for (const told of this.#unanswered.breakOff(toError(error))) this.#context.emit(told);
    this.await(open);
  }

  #takeNext(): Session<Item, Event> | undefined {
    const next = this.#next;
    next?.late();
    this.#next = undefined;
    next?.begun();
    return next?.session;
  }

  #dropNext(): void {
    const next = this.#next;
    this.#next = undefined;
    next?.late();
    void next?.session.close().catch(() => {});
  }
}
