import type { Clock } from '@sluice/core';
import type { SpokenReceipt } from './spoken-receipt.ts';
import type { WordTime } from './word-times.ts';

/** Where a word has begun for sure, in milliseconds from its first sample. */
const INSIDE_MS = 5;

/** A word that was heard, and when its first and its last sample left, on the clock, where that is known. */
export interface HeardTime extends WordTime {
  readonly begunAt: number | undefined;
  readonly at: number | undefined;
}

interface Followed extends WordTime {
  begunAt: number | undefined;
  at: number | undefined;
  /** The device tells when it has left, and never if it was lost. */
  followed: boolean;
  begun: boolean;
  left: boolean;
}

/** The words of a sentence, and which of them have left the device: also around a hole, after the death of an engine. */
export class HeardWords {
  readonly #words: Followed[] = [];
  #receipt: { readonly receipt: SpokenReceipt; readonly fromMs: number; readonly clock: Clock } | undefined;

  add(word: WordTime): void {
    const followed = { ...word, begunAt: undefined, at: undefined, followed: false, begun: false, left: false };
    this.#words.push(followed);
    this.#mark(followed);
  }

  /** From now on this receipt tells; its first sample is `fromMs` after the first of the sentence. */
  follow(receipt: SpokenReceipt, fromMs: number, clock: Clock): void {
    const current = { receipt, fromMs, clock };
    this.#receipt = current;
    for (const word of this.#words) this.#mark(word);
    void receipt.finished.then(() => {
      if (this.#receipt === current) this.#receipt = undefined;
    });
  }

  /** Of a sentence of which so much was played, in milliseconds: infinite for one that was heard whole. */
  heard(playedMs: number): readonly HeardTime[] {
    return this.#words.filter(({ endMs, followed, begun, left }) =>
      followed && playedMs !== Number.POSITIVE_INFINITY ? begun && left : endMs <= playedMs,
    );
  }

  /** The text of the words that were heard. */
  textOf(text: string, playedMs: number): string {
    const heard = new Set(this.heard(playedMs));
    const runs: { from: number; to: number }[] = [];
    let inRun = false;
    for (const word of this.#words) {
      const isHeard = heard.has(word);
      // White space and signs before the first word belong to it.
      if (isHeard && inRun) runs.at(-1)!.to = word.to;
      else if (isHeard) runs.push({ from: word === this.#words[0] ? 0 : word.from, to: word.to });
      inRun = isHeard;
    }
    return runs.map(({ from, to }) => text.slice(from, to)).join(' ');
  }

  #mark(word: Followed): void {
    const { receipt, fromMs, clock } = this.#receipt ?? {};
    if (receipt?.mark === undefined || word.left) return;
    word.followed = true;
    // It was lost with what came before.
    if (word.endMs <= fromMs!) return;
    const asked = clock!.now();
    // What is told at once had left before: when is not known.
    const later = () => (clock!.now() > asked ? clock!.now() : undefined);
    // Inside the word: its first sample may be told by what was written before it, and lost apart from it.
    receipt.mark(Math.max(0, word.startMs - fromMs!) + INSIDE_MS, () => {
      const at = later();
      word.begun = true;
      word.begunAt = at === undefined ? undefined : at - INSIDE_MS;
    });
    receipt.mark(Math.max(0, word.endMs - fromMs!), () => {
      word.left = true;
      word.at = later();
    });
  }
}
