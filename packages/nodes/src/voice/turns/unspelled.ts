const STOPS = String.raw`.,;:!?…¿¡"“”„‚‘«»‹›()\[\]{}—–`;
/** Of scripts without spaces, where they stand between letters. */
const WIDE_STOPS = /[。、，．！？；：「」『』（）]/gu;
/** Those inside a word and before a number make another one: "we're", "1.5", "a.m" and "-5". */
const AFTER_WORDS = new RegExp(String.raw`[${STOPS}'’]+(?![\p{L}\p{M}\p{N}${STOPS}'’])`, 'gu');
const BEFORE_WORDS = new RegExp(String.raw`(?<![\p{L}\p{M}\p{N}${STOPS}'’])[${STOPS}'’]+(?!\p{N})`, 'gu');
const DASH = /(?<=^|\s)[-‐‑]+(?=\s|$)/gu;

/**
 * The words of a text however it is spelled: without capitals, spaces beyond one, and stops around words. Two texts with
 * the same are the same words; accents, signs, and stops within words and numbers make others.
 */
export function unspelled(text: string): string {
  const small = text.normalize('NFC').toLowerCase().replace(WIDE_STOPS, ' ');
  const words = small.replace(AFTER_WORDS, ' ').replace(BEFORE_WORDS, ' ').replace(DASH, ' ');
  return words.replace(/\s+/gu, ' ').trim();
}
