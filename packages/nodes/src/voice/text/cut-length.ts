/** A comma or its like and the space behind it; those of East Asia stand without. */
const CLAUSE = /[,;:–—)\]]\s+|[，、；：]\s*/g;
/** Space, but not behind a full stop: "Dr. Smith", "3 p.m." stay together. */
const SPACE = /(?<![.\s])\s+/g;
const ANY_SPACE = /\s+/g;

/**
 * Where a text is cut that has become longer than `max` without an end: behind the last clause, else the last space,
 * else the last word, and if it is one long word after `max` units. The text's last character is not space.
 */
export function cutLength(text: string, max: number, words: Intl.Segmenter): number {
  // A short piece in front of a long one would sound broken off.
  const clause = lastEnd(text, CLAUSE, max / 3, max);
  if (clause !== undefined) return clause;
  const space = lastEnd(text, SPACE, 0, max) ?? lastEnd(text, ANY_SPACE, 0, max);
  if (space !== undefined) return space;
  const word = words.segment(text.slice(0, max + 1)).containing(max)?.index ?? 0;
  if (word > 0) return word;
  return isHighSurrogate(text.charCodeAt(max - 1)) ? max - 1 : max;
}

/** The end of the last match that begins between `from` and `to`; whatever space there is belongs to it. */
function lastEnd(text: string, pattern: RegExp, from: number, to: number): number | undefined {
  let end: number | undefined;
  for (const match of text.matchAll(pattern)) {
    if (match.index > to) break;
    if (match.index > from && match.index + match[0].length < text.length) end = match.index + match[0].length;
  }
  return end;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
