import type { SpokenToken } from './spoken-tokens.ts';

/** Characters of a piece, some 15 s of speech: a sentence is seldom longer. */
const LONGEST = 240;
/** A piece is not cut shorter than this for the sake of a better place. */
const SHORTEST = 80;

/** Where to cut, the best first. */
const ends = [/[.!?]["')]*$/, /[,;:]["')]*$/, /(?:)/];

/** Cuts a long text where it hurts least: at the end of a sentence, of a clause, of a word. */
export function pieces(tokens: readonly SpokenToken[]): SpokenToken[][] {
  const all: SpokenToken[][] = [];
  let rest = tokens;
  while (rest.length > 0) {
    const count = pieceLength(rest);
    all.push(rest.slice(0, count));
    rest = rest.slice(count);
  }
  return all;
}

function pieceLength(tokens: readonly SpokenToken[]): number {
  let length = 0;
  const counts = ends.map(() => 0);
  for (const [index, { spoken }] of tokens.entries()) {
    length += spoken.length + 1;
    if (length > LONGEST) return counts.find((count) => count > 0) ?? Math.max(1, index);
    for (const [place, end] of ends.entries()) if (length >= SHORTEST && end.test(spoken)) counts[place] = index + 1;
  }
  return tokens.length;
}
