import type { Abbreviations } from './abbreviations.ts';

/** Whether a place is an end, is none, or cannot be judged before more text comes. */
type Verdict = 'end' | 'none' | 'open';

const SPEAKABLE = /[\p{L}\p{N}]/u;
const NEWLINE = /[\n\r\u2028\u2029]/;
/** What may stand between a stop and the space behind it. */
const CLOSING = /["'’‘”“»«›‹)\]}*_~`]/;
/** Marks of emphasis and quotes that hang on a stop: `**Really.** Yes`. */
const HANGING = /[*_~`"'’‘”“»«›‹)\]}]+(?=\s|$)/y;
/** In French a space stands before it. */
const HANGING_APART = /[»›](?=\s|$)/y;
const SPACE = /\s*/y;
/** Without a space before it, UAX #29 takes an opening bracket for a closing one: `。「`. */
const OPENING = /[\p{Ps}\p{Pi}]+$/u;
/** The number of a list item, alone at the beginning, or the first one behind a colon. */
const LIST_NUMBER = /^[^\p{L}\p{N}]*(?:\d{1,2}|[ivx]{1,4})[.)][^\p{L}\p{N}]*$|:\s+1[.)]\s*$/u;
const FULL_STOP = /[.․﹒．…]$/;
const ELLIPSIS = /(?:\.\.|…)$/;
/** Letters with a stop each: "J. R. R.", "U.S.", "z. B.". */
const INITIALS = /(?<![\p{L}\p{N}])(?:\p{L}\.\s*)*\p{L}\.$/u;
const NUMBER = /(?<![\p{L}\p{N}.,])\d+\.$/u;
const WORD = /[\p{L}\p{M}'’]+/u;
const URL_LIKE = /:\/\/|^www\.|@|^[\w-]+(?:\.[\w-]+)+[/?#]/;

/** Finds the ends of sentences: those of Unicode's rules (UAX #29) that an ear would take for one, and lines. */
export class SentenceEnds {
  readonly #segmenter: Intl.Segmenter;
  readonly #abbreviations: Abbreviations;

  constructor(locales: readonly string[], abbreviations: Abbreviations) {
    this.#segmenter = new Intl.Segmenter([...locales], { granularity: 'sentence' });
    this.#abbreviations = abbreviations;
  }

  /**
   * The length of the first sentence of a text, 0 if it has no end yet, undefined if that cannot be said before more
   * text comes. Everything can once it `ended`.
   */
  first(text: string, ended: boolean): number | undefined {
    // An ellipsis of one character ends as three full stops do, which Unicode leaves out.
    for (const segment of this.#segmenter.segment(text.replaceAll('…', '.'))) {
      if (segment.index === 0) continue;
      const index = beforeOpening(text, segment.index);
      const length = withTail(text, index);
      const verdict = this.#judge(text.slice(0, index), text.slice(index, length), text.slice(length), ended);
      if (verdict === 'end') return length;
      if (verdict === 'open') return undefined;
    }
    return 0;
  }

  /** @param tail what follows the place and belongs to what is before it */
  #judge(head: string, tail: string, rest: string, ended: boolean): Verdict {
    if (!SPEAKABLE.test(head) || !SPEAKABLE.test(rest) || LIST_NUMBER.test(head)) return 'none';
    const line = head.trimEnd();
    if (NEWLINE.test(head.slice(line.length))) return 'end';
    const body = withoutClosing(line);
    const spaced = line !== head || tail !== '';
    if (!spaced && /[.…!?]$/.test(body)) return isGlued(body, rest) ? 'none' : 'end';
    if (FULL_STOP.test(body)) return this.#judgeFullStop(body, rest, ended);
    const closed = body !== line || tail.trim() !== '';
    return closed && /^\p{Ll}/u.test(rest) ? 'none' : 'end';
  }

  #judgeFullStop(body: string, rest: string, ended: boolean): Verdict {
    // A small letter behind digits takes the end back: "20 dollars. 15 o'clock".
    if (!ended && !/\p{L}/u.test(rest)) return 'open';
    if (ELLIPSIS.test(body)) return 'end';
    const { never, maybe, numbered, ordinals } = this.#abbreviations;
    const word = /(?<=^|[\s"'“‘„«([{*_—-])[^\s"'“‘„«([{*_—]*$/u.exec(body.slice(0, -1))?.[0] ?? '';
    const initials = INITIALS.exec(body)?.[0].slice(0, -1).replace(/\s/g, '');
    if (has(never, word) || (initials !== undefined && has(never, initials))) return 'none';
    if (has(numbered, word) && /^\P{L}*\p{N}/u.test(rest)) return 'none';
    if (initials !== undefined) return this.#judgeByNext(rest, ended, 'none');
    if (has(maybe, word)) return this.#judgeByNext(rest, ended, 'end');
    if (ordinals && NUMBER.test(body)) return this.#judgeByNext(rest, ended, 'none');
    return 'end';
  }

  /** Whether the next word is one that sentences begin with. */
  #judgeByNext(rest: string, ended: boolean, otherwise: Verdict): Verdict {
    const { starters } = this.#abbreviations;
    if (starters.size === 0) return otherwise;
    if (/^\P{L}*\p{N}/u.test(rest)) return 'none';
    const next = WORD.exec(rest);
    if (next === null) return otherwise;
    const after = rest[next.index + next[0].length];
    if (after === undefined && !ended) return 'open';
    // "J. A. Smith": a word that is abbreviated itself begins nothing.
    return after !== '.' && starters.has(next[0].replaceAll('’', "'")) ? 'end' : 'none';
  }
}

function beforeOpening(text: string, index: number): number {
  if (/\s/.test(text[index]!)) return index;
  return index - (OPENING.exec(text.slice(0, index))?.[0].length ?? 0);
}

/** What hangs on a stop, and space, belong to the sentence before. */
function withTail(text: string, index: number): number {
  let length = index;
  for (const pattern of /\s/.test(text[index - 1]!) ? [HANGING_APART, SPACE] : [HANGING, SPACE, HANGING_APART, SPACE]) {
    pattern.lastIndex = length;
    length += pattern.exec(text)?.[0].length ?? 0;
  }
  return length;
}

function withoutClosing(line: string): string {
  let length = line.length;
  while (length > 0 && CLOSING.test(line[length - 1]!)) length--;
  return line.slice(0, length);
}

/** A stop without space behind it: inside an address, a name (".NET") or code, unless a capital follows a word. */
function isGlued(body: string, rest: string): boolean {
  const token = /\S*$/.exec(body)![0];
  if (URL_LIKE.test(token + rest)) return true;
  return !(/\p{L}[!?]+$/u.test(body) && /^["'“‘(]?\p{Lu}/u.test(rest));
}

/** Also as the first word of a sentence: "E.g.". */
function has(words: ReadonlySet<string>, word: string): boolean {
  return words.has(word) || words.has(word.charAt(0).toLowerCase() + word.slice(1));
}
