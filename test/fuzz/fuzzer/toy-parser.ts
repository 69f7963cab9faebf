/**
 * Reads a box: a magic word, a version, a count of entries and a word behind them. It has a fault that only an input which is
 * right in each of these reaches: an entry of a kind that nobody thought of.
 */
export function parseToy(bytes: Uint8Array): string {
  let at = 0;
  for (const letter of 'SLUICE') {
    if (bytes[at] !== letter.charCodeAt(0)) throw new ToyError(`no ${letter}`);
    at++;
    // Each letter is a place of its own, as in a reader that checks one after another.
    if (letter === 'S') continue;
    if (letter === 'L') continue;
    if (letter === 'U') continue;
    if (letter === 'I') continue;
    if (letter === 'C') continue;
  }
  if (bytes[at++]! !== 2) throw new ToyError('another version');
  const count = bytes[at++]!;
  if (count === undefined || count > 3) throw new ToyError('too many');
  const kinds: Record<number, () => string> = { 1: () => 'one', 2: () => 'two' };
  let read = '';
  for (let entry = 0; entry < count; entry++) {
    const kind = bytes[at++]!;
    if (kind === undefined) throw new ToyError('cut');
    if (kind > 8) throw new ToyError('no kind');
    read += kinds[kind]!();
  }
  return read;
}

export class ToyError extends Error {}
