import type { Clock } from '@sluice/core';
import { heardText, type WordTime } from './word-times.ts';

/** What a sink that plays knows of a sentence: `sink.utterance(id)` of a device's. */
export interface SpokenReceipt {
  readonly started: Promise<boolean>;
  readonly finished: Promise<{ readonly playedMs: number; readonly interrupted: boolean }>;
}

/** What became of an utterance. */
export interface Spoken {
  readonly id: string;
  /** All that was to be said, as far as it was known. */
  readonly text: string;
  /** What left the device, to the last whole word. */
  readonly heardText: string;
  /** The same by the words that were heard, each with its times on the clock in milliseconds. */
  readonly words: readonly HeardWord[];
  readonly interrupted: boolean;
  /** A sentence could not be said. */
  readonly failed: boolean;
  /** On the clock, in milliseconds; undefined if nothing was heard. */
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
}

export interface HeardWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A sentence of an utterance, from when it was asked for to what was heard of it. */
export class SpokenSentence {
  readonly id: string;
  readonly text: string;
  readonly words: WordTime[] = [];
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
  #wake: (() => void) | undefined;
  #settle!: () => void;

  constructor(id: string, text: string) {
    this.id = id;
    this.text = text;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get heard(): string {
    return this.cut ? heardText(this.text, this.words, this.playedMs) : this.text;
  }

  /** Sound of it is on its way: from now on its receipts know. */
  begin(receipt: () => SpokenReceipt, clock: Clock, onStarted: () => void): void {
    if (this.#begun || this.#dropped) return;
    this.#begun = true;
    void this.#follow(receipt, clock, onStarted);
  }

  /** The synthesizer is done with it. Without a sound it is over. */
  end(): void {
    this.#complete = true;
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
    for (;;) {
      const { started, finished } = receipt();
      void started.then((heard) => {
        if (!heard || this.startedMs !== undefined) return;
        this.startedMs = clock.now();
        onStarted();
      });
      const { playedMs, interrupted } = await finished;
      this.playedMs += playedMs;
      this.cut ||= interrupted || (this.#dropped && !this.#complete);
      if (interrupted || this.#dropped || this.#complete) return this.#settle();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (this.#complete || this.#dropped) {
        this.cut ||= !this.#complete;
        return this.#settle();
      }
    }
  }

  /** Its heard words on the clock. */
  get heardWords(): HeardWord[] {
    const start = this.startedMs;
    if (start === undefined) return [];
    const heard = this.cut ? this.words.filter(({ endMs }) => endMs <= this.playedMs) : this.words;
    return heard.map(({ from, to, startMs, endMs }) => ({
      text: this.text.slice(from, to),
      startMs: start + startMs,
      endMs: start + endMs,
    }));
  }
}
