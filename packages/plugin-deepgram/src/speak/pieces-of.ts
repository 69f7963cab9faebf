/** A text in pieces of at most so many UTF-16 units, cut behind white space where there is any, and in no character. */
export function piecesOf(text: string, most: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const space = rest.slice(0, most).search(/\s\S*$/);
    // The second half of a pair of surrogates stays with the first.
    const inPair = /[\uD800-\uDBFF]/.test(rest[most - 1]!);
    const cut = space >= 0 ? space + 1 : most - (inPair ? 1 : 0);
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return rest === '' ? pieces : [...pieces, rest];
}
