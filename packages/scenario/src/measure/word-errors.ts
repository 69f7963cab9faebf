/**
 * How many words have to be put in, left out or changed to make what was heard of what was said: the Levenshtein distance
 * over words, without regard to capitals and stops. By the words that were said it is the word error rate.
 */
export function wordErrors(said: string, heard: string): number {
  return distances(said, heard, false).at(-1)!;
}

/** The same against the stretch of what was heard that fits best: what comes before and after it is no error. */
export function wordErrorsWithin(said: string, heard: string): number {
  return Math.min(...distances(said, heard, true));
}

/** Of all of what was said to what was heard up to each word; `anywhere`: it may begin at any word. */
function distances(said: string, heard: string, anywhere: boolean): readonly number[] {
  const to = wordsOf(heard);
  let row = [0, ...to.map((_, index) => (anywhere ? 0 : index + 1))];
  for (const [index, word] of wordsOf(said).entries()) {
    const next = [index + 1];
    for (const [at, other] of to.entries())
      next.push(Math.min(row[at]! + (word === other ? 0 : 1), row[at + 1]! + 1, next[at]! + 1));
    row = next;
  }
  return row;
}

/** The words of a text in small letters, without stops. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}
