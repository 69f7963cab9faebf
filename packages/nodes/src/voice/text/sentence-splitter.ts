// Text in sentences that can be spoken. No frame and no time.

import { checkKeys, invalidArgument } from '@sluice/core';
import { checkNumber } from '../../options/check-option.ts';
import { abbreviationsOf } from './abbreviations.ts';
import { cutLength } from './cut-length.ts';
import { SentenceEnds } from './sentence-ends.ts';

/** Language and bounds of the sentences that text is cut into. */
export interface SentenceSplitterOptions {
  /** Language of the text as a BCP 47 tag: `de`, `en-GB`. Default `en`. */
  readonly locale?: string | undefined;
  /**
   * UTF-16 units, 20 to 10,000, after which a sentence is cut at a comma, a space or the end of a word, so that a text
   * without stops is spoken too. Default 200, about 13 s of speech.
   */
  readonly maxLength?: number | undefined;
}

/** A stretch of text that can be spoken by itself. */
export interface Sentence {
  /** As it came, with the white space behind it. */
  readonly text: string;
  /** Where it begins in the whole text, in UTF-16 units. */
  readonly start: number;
  /** Where it ends: the next one's `start`. */
  readonly end: number;
}

/** A letter or a digit: something that can be said. */
const SPEAKABLE = /[\p{L}\p{N}]/u;
/** What neither ends a sentence nor stands beside an end. */
const PLAIN = /[\p{L}\p{N}\p{M}\p{Zs}\t]/u;
const LAST_HIGH_SURROGATE = /[\ud800-\udbff]$/;

/**
 * Splits a text that comes in pieces, the tokens of a language model, into sentences.
 *
 * A sentence is given out once, when nothing that may follow can change where it ends: with the first letter of the next
 * one, with the next word after "etc." or "p.m.", or at `end()`. It depends on the text alone, not on how it was cut into
 * pieces, and all `text` joined is what was pushed. Ends are stops of any script, lines and `maxLength`. The stops of
 * abbreviations, initials, amounts, ordinals, addresses and list numbers are none; "…" ends like "...". Each sentence
 * has a letter or a digit, unless the whole text has none or more than `maxLength` of it has none.
 *
 * @example
 * ```ts
 * const splitter = new SentenceSplitter({ locale: 'en' });
 * for (const token of ['Good mor', 'ning. How ', 'are you?'])
 *   for (const { text } of splitter.push(token)) console.log(text);
 * for (const { text } of splitter.end()) console.log(text);
 * ```
 */
export class SentenceSplitter {
  readonly #ends: SentenceEnds;
  readonly #maxLength: number;
  readonly #words: Intl.Segmenter;
  /** What was not given out yet, and where it begins in the whole text. */
  #text = '';
  #start = 0;
  /** How much of it was looked at. */
  #seen = 0;
  /** Whether there may be an end in it. */
  #doubt = false;

  /** @throws TypeError, RangeError at once for a locale that is no language tag or a length out of range. */
  constructor(options: SentenceSplitterOptions = {}) {
    checkKeys<SentenceSplitterOptions>('SentenceSplitter', options, { locale: true, maxLength: true });
    const { locale = 'en', maxLength = 200 } = options;
    checkNumber('SentenceSplitter.maxLength', maxLength, { min: 20, max: 10_000, unit: 'units', integer: true });
    this.#maxLength = maxLength;
    // The machine's own language, which Intl falls back to, would make the same text split differently elsewhere.
    const locales = [checkLocale(locale), 'en'];
    this.#ends = new SentenceEnds(locales, abbreviationsOf(new Intl.Locale(locale).language));
    this.#words = new Intl.Segmenter(locales, { granularity: 'word' });
  }

  /** Takes the next piece of text, of any length, and gives the sentences that it makes certain. */
  push(text: string): Sentence[] {
    if (typeof text !== 'string') throw invalidArgument('SentenceSplitter.push', 'a string', text);
    this.#text += text;
    return this.#scan(false);
  }

  /** The text ends here: gives the rest. What is pushed next is a new text, from position 0. */
  end(): Sentence[] {
    const sentences = this.#scan(true);
    if (this.#text !== '') sentences.push(this.#take(this.#text.length));
    this.reset();
    return sentences;
  }

  /** Forgets what was not given out, after an interruption. What is pushed next is a new text, from position 0. */
  reset(): void {
    this.#text = '';
    this.#start = 0;
    this.#seen = 0;
    this.#doubt = false;
  }

  // One character after the other, and each decision from what was seen so far: so pieces cannot make a difference.
  #scan(ended: boolean): Sentence[] {
    const sentences: Sentence[] = [];
    while (this.#seen < this.#text.length) {
      const character = String.fromCodePoint(this.#text.codePointAt(this.#seen)!);
      const last = this.#seen + character.length === this.#text.length;
      if (last && !ended && LAST_HIGH_SURROGATE.test(character)) break;
      this.#seen += character.length;
      if (!PLAIN.test(character)) this.#doubt = true;
      else if (this.#doubt && SPEAKABLE.test(character)) this.#settle(sentences, false);
      // Space stays with the sentence before it, but not without bound.
      if (this.#seen > (character.trim() === '' ? 2 : 1) * this.#maxLength)
        sentences.push(this.#take(cutLength(this.#text.slice(0, this.#seen), this.#maxLength, this.#words)));
    }
    if (ended) this.#settle(sentences, true);
    return sentences;
  }

  #settle(sentences: Sentence[], ended: boolean): void {
    for (;;) {
      const length = this.#ends.first(this.#text.slice(0, this.#seen), ended);
      if (length === undefined) return;
      if (length === 0) break;
      sentences.push(this.#take(length));
    }
    this.#doubt = false;
  }

  #take(length: number): Sentence {
    const start = this.#start;
    const text = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    this.#start += length;
    this.#seen -= length;
    return { text, start, end: this.#start };
  }
}

function checkLocale(locale: string): string {
  const fault = () => invalidArgument('SentenceSplitter.locale', 'a language tag such as en or de-CH', locale);
  // Intl takes a number, an object and a list for no language at all, or for several.
  if (typeof locale !== 'string') throw fault();
  try {
    return Intl.getCanonicalLocales(locale)[0]!;
  } catch {
    throw fault();
  }
}
