import { type AudioFrame, type Micros, micros, samplesToMicros } from '@sluice/core';
import { rms } from '@sluice/core/testing';
import type { Word } from '@sluice/core/voice';
import { type HeardLetter, LetterListener } from './tone-code.ts';

/** RMS of 10 ms below which there is nothing to hear, in sample units: -50 dBFS. */
const SILENCE = 100;
/** Silence that ends a word that was cut, in microseconds. */
const WORD_END = 300_000;

/** Reads the words that a tone voice spells from frames, with the time of each. */
export class LettersHeard {
  readonly #onWord: (word: Word) => void;
  #listener: LetterListener | undefined;
  #rate = 0;
  #block = new Int16Array(0);
  #filled = 0;
  /** Of the block that is being filled. */
  #time = 0;
  #candidate: HeardLetter | undefined;
  #last: HeardLetter | undefined;
  #text = '';
  #start = 0;
  #end = 0;
  /** First and last sound since `stretch` was asked. */
  #stretch: { start: number; end: number } | undefined;

  constructor(onWord: (word: Word) => void) {
    this.#onWord = onWord;
  }

  /** Takes mono frames of any length and of one rate. */
  read({ samples, sampleRate, timestamp }: AudioFrame): void {
    if (sampleRate !== this.#rate) {
      this.#rate = sampleRate;
      this.#listener = new LetterListener(sampleRate);
      this.#block = new Int16Array(sampleRate / 100);
      this.#filled = 0;
    }
    // What does not follow on what came before begins a block of its own.
    const expected = this.#time + samplesToMicros(this.#filled, sampleRate);
    if (this.#filled === 0 || Math.abs(timestamp - expected) > 1_000) {
      this.#filled = 0;
      this.#time = timestamp;
    }
    const { length } = this.#block;
    for (let at = 0; at < samples.length; ) {
      const part = Math.min(length - this.#filled, samples.length - at);
      this.#block.set(samples.subarray(at, at + part), this.#filled);
      this.#filled += part;
      at += part;
      if (this.#filled < length) continue;
      this.#hear(this.#block);
      this.#filled = 0;
      this.#time += 10_000;
    }
  }

  /** Ends the word that is being heard. Returns the stretch of sound since the last time; undefined if there was none. */
  finish(): { readonly start: Micros; readonly end: Micros } | undefined {
    this.#endWord();
    const stretch = this.#stretch;
    this.#stretch = undefined;
    return stretch === undefined ? undefined : { start: micros(stretch.start), end: micros(stretch.end) };
  }

  #hear(block: Int16Array): void {
    const [from, to] = [this.#time, this.#time + 10_000];
    if (rms(block) < SILENCE) {
      this.#listener!.pause();
      this.#candidate = undefined;
      if (this.#text !== '' && to - this.#end > WORD_END) this.#endWord();
      return;
    }
    this.#stretch ??= { start: from, end: to };
    this.#stretch.end = to;
    const heard = this.#listener!.hear(block);
    const again = heard !== undefined && isSame(heard, this.#candidate);
    this.#candidate = heard;
    if (!again) return;
    if (isSame(heard, this.#last)) {
      // A space goes on and on: it is no part of the word.
      if (heard.letter !== ' ') this.#end = to;
      return;
    }
    this.#last = heard;
    if (heard.letter === ' ') return this.#endWord();
    // It was heard twice in windows of 20 ms: 30 ms of it are over.
    if (this.#text === '') this.#start = to - 30_000;
    this.#text += heard.letter;
    this.#end = to;
  }

  #endWord(): void {
    if (this.#text === '') return;
    const word = { text: this.#text, start: micros(this.#start), end: micros(this.#end) };
    this.#text = '';
    this.#onWord(word);
  }
}

function isSame(a: HeardLetter, b: HeardLetter | undefined): boolean {
  return b !== undefined && a.letter === b.letter && a.bank === b.bank;
}
