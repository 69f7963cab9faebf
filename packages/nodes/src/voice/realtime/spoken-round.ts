import type { Clock } from '@sluice/core';
import type { SpokenReceipt } from '../saying/spoken-receipt.ts';
import type { HeardWord } from '../saying/utterance.ts';
import { estimatedWords, heardText, type WordTime } from '../saying/word-times.ts';

/**
 * Nobody speaks faster than a letter in so many milliseconds: where the words of a reply are ahead of its sound, they are taken
 * to sound no earlier. Fast readers reach 300 words a minute of five letters.
 */
const LEAST_MS_PER_LETTER = 40;

/** What a model says in answer to one request, from its first sound to what was heard of it. */
export class SpokenRound {
  readonly id: string;
  readonly settled: Promise<void>;
  text = '';
  /** Of the sound that came. */
  audioMs = 0;
  playedMs = 0;
  startedMs: number | undefined;
  failed = false;
  /** Not all of it was heard. */
  cut = false;
  /** The model has no more of it. */
  #complete = false;
  /** All of its sound is with the device. */
  #given = false;
  #dropped = false;
  /** Stretches of its sound that the device has and that are not over. */
  #playing = 0;
  #settle!: () => void;

  constructor(id: string) {
    this.id = id;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** A stretch of its sound goes to the device, without a gap in it. */
  follow({ started, finished }: SpokenReceipt, clock: Clock, onStarted: () => void): void {
    this.#playing++;
    void started.then((heard) => {
      if (!heard || this.startedMs !== undefined) return;
      this.startedMs = clock.now();
      onStarted();
    });
    void finished.then(({ playedMs, interrupted }) => {
      this.#playing--;
      this.playedMs += playedMs;
      this.cut ||= interrupted;
      this.#settleIfOver();
    });
  }

  /** The model has said all of it, or never will. */
  end(failed = false): void {
    this.#complete = true;
    this.failed ||= failed;
    // Its words may be ahead of its sound.
    this.cut ||= failed && this.audioMs > 0;
  }

  /** The last of its sound went to the device. */
  given(): void {
    this.#given = true;
    this.#settleIfOver();
  }

  /** It was interrupted: what the device has is told by its receipts. */
  drop(): void {
    if (!this.#given) this.cut = true;
    this.#dropped = true;
    this.#settleIfOver();
  }

  get heard(): string {
    return this.cut ? heardText(this.text, this.#words(), this.playedMs) : this.text;
  }

  /** Its heard words on the clock. */
  get heardWords(): HeardWord[] {
    const start = this.startedMs;
    if (start === undefined) return [];
    return this.#words()
      .filter(({ endMs }) => !this.cut || endMs <= this.playedMs)
      .map(({ from, to, startMs, endMs }) => ({
        text: this.text.slice(from, to),
        startMs: start + startMs,
        endMs: start + endMs,
      }));
  }

  #words(): WordTime[] {
    const letters = this.text.replace(/[^\p{L}\p{N}]/gu, '').length;
    const duration =
      this.#complete && !this.failed ? this.audioMs : Math.max(this.audioMs, letters * LEAST_MS_PER_LETTER);
    return estimatedWords(this.text, duration);
  }

  #settleIfOver(): void {
    if (this.#playing === 0 && (this.#given || this.#dropped)) this.#settle();
  }
}
