import type { Clock } from '@sluice/core';
import { HeardWords } from './heard-words.ts';
import type { SpokenReceipt } from './spoken-receipt.ts';
import type { WordTime } from './word-times.ts';

/** What became of an utterance. */
export interface Spoken {
  /** As it was given out when it was said. */
  readonly id: string;
  /** All that was to be said, as far as it was known. */
  readonly text: string;
  /** What left the device, to the last whole word. */
  readonly heardText: string;
  /** The same by the words that were heard, each with its times on the clock in milliseconds. */
  readonly words: readonly HeardWord[];
  /** Whether it was cut short. */
  readonly interrupted: boolean;
  /** A sentence could not be said. */
  readonly failed: boolean;
  /** On the clock, in milliseconds; undefined if nothing was heard. */
  readonly startedMs: number | undefined;
  /** When the last of it was heard; undefined if nothing was. */
  readonly endedMs: number | undefined;
  /** Its sound that left the device, in milliseconds. */
  readonly heardMs: number;
  /** Its sound that was made and that nobody heard, as far as it is known, in milliseconds. */
  readonly droppedMs: number;
}

/** A word, and when it was heard, in milliseconds of the utterance's sound. */
export interface HeardWord {
  /** The word. */
  readonly text: string;
  /** When it begins. */
  readonly startMs: number;
  /** When it is over. */
  readonly endMs: number;
}

/** How often it is looked whether more of a sentence has come to the device that had paused, in milliseconds. */
const LOOK_MS = 20;
/** How long what is complete may be on its way to the device, in milliseconds: what has not come then was lost. */
const LONGEST_WAY_MS = 500;
/** Samples are counted at other rates on the way, in milliseconds. */
const ROUNDING_MS = 20;

/** A sentence of an utterance, from when it was asked for to what was heard of it. */
export class SpokenSentence {
  readonly id: string;
  readonly text: string;
  readonly #words = new HeardWords();
  readonly settled: Promise<void>;
  playedMs = 0;
  startedMs: number | undefined;
  failed = false;
  /** Not all of it was heard. */
  cut = false;
  #begun = false;
  /** The synthesizer is done with it. */
  #complete = false;
  #dropped = false;
  #over = false;
  #durationMs = 0;
  /** Of the receipts that are over, what was lost included. */
  #takenMs = 0;
  #wake: (() => void) | undefined;
  #settle!: () => void;

  constructor(id: string, text: string) {
    this.id = id;
    this.text = text;
    this.settled = new Promise((resolve) => {
      this.#settle = () => {
        this.#over = true;
        resolve();
      };
    });
  }

  /** It was interrupted. */
  get dropped(): boolean {
    return this.#dropped;
  }

  /** What was heard of its text. Without a sound it is nothing. */
  get heard(): string {
    if (this.startedMs === undefined) return '';
    return this.cut ? this.#words.textOf(this.text, this.playedMs) : this.text;
  }

  /** What was heard of its text by now, as far as it is known. */
  get heardSoFar(): string {
    if (this.#over || this.startedMs === undefined) return this.heard;
    return this.#words.textOf(this.text, this.playedMs);
  }

  /** Of its sound, what was made or came to the device and was not heard, in milliseconds. */
  get droppedMs(): number {
    return this.cut ? Math.max(0, this.#durationMs - this.playedMs, this.#takenMs - this.playedMs) : 0;
  }

  /** A word and its place in the sound. */
  addWord(word: WordTime): void {
    this.#words.add(word);
  }

  /** Sound of it is on its way: from now on its receipts know. */
  begin(receipt: () => SpokenReceipt, clock: Clock, onStarted: () => void): void {
    if (this.#begun || this.#dropped) return;
    this.#begun = true;
    void this.#follow(receipt, clock, onStarted);
  }

  /** The synthesizer is done with it, and gave it so much sound. Without a sound it is over. */
  end(durationMs = 0): void {
    this.#complete = true;
    this.#durationMs = durationMs;
    this.#wake?.();
    if (!this.#begun) this.#settle();
  }

  fail(): void {
    this.failed = true;
    this.cut = true;
    this.end();
  }

  /** It was interrupted. What has begun is told by its receipt. */
  interrupt(): void {
    this.#dropped = true;
    this.#wake?.();
    if (this.#begun) return;
    this.cut = true;
    this.#settle();
  }

  /** A device takes a voice that pauses for finished; what comes of the sentence after that has another receipt. */
  async #follow(receipt: () => SpokenReceipt, clock: Clock, onStarted: () => void): Promise<void> {
    let before: SpokenReceipt | undefined;
    let overAt = Number.POSITIVE_INFINITY;
    for (;;) {
      const current = receipt();
      if (current === before) {
        const allCame = this.#takenMs >= this.#durationMs - ROUNDING_MS || clock.now() - overAt >= LONGEST_WAY_MS;
        if (this.#dropped || (this.#complete && allCame)) break;
        if (this.#complete) overAt = Math.min(overAt, clock.now());
        await this.#more(clock);
        continue;
      }
      before = current;
      this.#words.follow(current, this.#takenMs, clock);
      void current.started.then((heard) => {
        if (!heard || this.startedMs !== undefined) return;
        this.startedMs = clock.now();
        onStarted();
      });
      const { playedMs, interrupted } = await current.finished;
      this.playedMs += playedMs;
      this.#takenMs += current.takenMs ?? playedMs;
      this.cut ||= interrupted;
      // A synthesizer that is not done with it would keep the next sentence waiting: only an interruption and its end are an end.
      if (interrupted && (this.#complete || this.#dropped)) break;
    }
    this.cut ||= !this.#complete;
    this.#settle();
  }

  /** Something happened to it, or more of its sound may have come. */
  #more(clock: Clock): Promise<void> {
    return new Promise((resolve) => {
      // Until its synthesizer is done or it is dropped, what matters is whether sound comes.
      const cancel = clock.at(clock.now() + LOOK_MS, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Its heard words on the clock. */
  get heardWords(): HeardWord[] {
    const start = this.startedMs;
    if (start === undefined) return [];
    return this.#words
      .heard(this.cut ? this.playedMs : Number.POSITIVE_INFINITY)
      .map(({ from, to, startMs, endMs, begunAt, at = start + endMs }) => ({
        text: this.text.slice(from, to),
        // Of a voice that stood still meanwhile, or lost a part, the place in the sound does not say when.
        startMs: startMs === 0 ? start : (begunAt ?? at - (endMs - startMs)),
        endMs: at,
      }));
  }
}
