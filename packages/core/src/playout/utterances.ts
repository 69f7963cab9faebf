import { invalidArgument } from '../errors.ts';
import { idsOf, type Utterance } from '../media/frame.ts';
import type { ActorContext } from '../operators/actor-context.ts';
import type { PlayoutReceipt } from './playout-receipt.ts';
import { UtteranceRecord } from './utterance-record.ts';

/** A pause of this length, with nothing on its way, is the end of an utterance. In milliseconds. */
const LONGEST_PAUSE_MS = 200;
/** Receipts of what is over that are still given out. */
const MOST_KEPT = 256;

/** What became of the utterances that a sink played. */
export class Utterances {
  readonly #sampleRate: number;
  /** The newest of each id, in the order in which they were asked for or began. */
  readonly #records = new Map<string, UtteranceRecord>();
  /** Of those, the ones of which more may come. */
  readonly #open = new Set<UtteranceRecord>();
  /** Of the open ones, those of which all that came is over. */
  readonly #waiting = new Set<UtteranceRecord>();
  #paused = false;
  #context: ActorContext | undefined;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** The receipt of the newest utterance of that id, which may be still to come. */
  receipt(id: string): PlayoutReceipt {
    if (typeof id !== 'string') throw invalidArgument('id', 'the id of an utterance', id);
    return this.#records.get(id) ?? this.#begin(id);
  }

  attach(context: ActorContext): void {
    this.#context = context;
  }

  /** Media of these utterances was written; the receipt is the write's. */
  wrote(utterance: Utterance | undefined, receipt: PlayoutReceipt): void {
    if (utterance === undefined) return;
    if (typeof utterance === 'string') this.#follow(utterance);
    for (const id of idsOf(utterance)) {
      const known = this.#records.get(id);
      const record = known === undefined || !this.#open.has(known) ? this.#begin(id) : known;
      this.#stopWaiting(record);
      record.mixed = typeof utterance !== 'string';
      record.followed = false;
      record.add(receipt);
    }
  }

  /** An interruption before the sink has taken parts of these: whatever still comes, they are cut. */
  lost(ids: readonly string[]): void {
    for (const id of ids) {
      const record = this.#records.get(id);
      if (record === undefined || !this.#open.has(record)) continue;
      record.lost();
      // It was lost whole, unless a part of it is still on its way.
      if (!record.begun) this.#idle(record);
    }
  }

  /** Nothing is over because of what does not leave meanwhile. */
  pause(): void {
    this.#paused = true;
    for (const record of this.#waiting) record.cancelWait?.();
  }

  resume(): void {
    this.#paused = false;
    for (const record of [...this.#waiting]) this.#idle(record);
  }

  /** An interruption: nothing more comes of what is open. Returns how to settle it when the device has cleared. */
  cut(): () => void {
    const open = [...this.#open];
    this.#open.clear();
    this.#waiting.clear();
    return () => {
      for (const record of open) record.settle(true);
    };
  }

  /** The stream is over and everything was played. What never began was cut. */
  end(): void {
    for (const record of this.#open) record.settle(!record.begun);
    this.#open.clear();
    this.#waiting.clear();
  }

  #begin(id: string): UtteranceRecord {
    const record = new UtteranceRecord(id, this.#sampleRate, this.#idle);
    this.#records.delete(id);
    this.#records.set(id, record);
    this.#open.add(record);
    if (this.#records.size > MOST_KEPT) this.#forgetOldest();
    return record;
  }

  /** In a stream that is not mixed the next utterance ends the one before. */
  #follow(id: string): void {
    for (const record of this.#open) {
      if (record.id === id || !record.begun || record.mixed) continue;
      record.followed = true;
      if (record.idle) this.#settle(record);
    }
  }

  /** All of it that came has left. More may be on its way. */
  #idle = (record: UtteranceRecord): void => {
    if (!this.#open.has(record)) return;
    if (record.followed) return this.#settle(record);
    this.#waiting.add(record);
    if (this.#paused) return;
    const clock = this.#context?.clock;
    record.cancelWait = clock?.at(clock.now() + LONGEST_PAUSE_MS, () => {
      // What is mixed has always something on its way.
      if (!record.mixed && (this.#context?.waiting().frames ?? 0) > 0) this.#idle(record);
      else this.#settle(record);
    });
  };

  #stopWaiting(record: UtteranceRecord): void {
    record.cancelWait?.();
    this.#waiting.delete(record);
  }

  #settle(record: UtteranceRecord): void {
    this.#stopWaiting(record);
    this.#open.delete(record);
    record.settle(false);
  }

  #forgetOldest(): void {
    for (const [id, record] of this.#records) {
      if (!record.settled) continue;
      this.#records.delete(id);
      return;
    }
  }
}
