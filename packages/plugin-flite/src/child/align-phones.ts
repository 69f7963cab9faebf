/** flite's phones (the CMU set) that are vowels. */
const vowels = new Set('aa ae ah ao aw ax axr ay eh er ey ih ix iy ow oy uh uw'.split(' '));

const [ADDED, LEFT_OUT] = [1, 1];

/** What it costs to take one phone for the other: less for what changes into each other as a word stands in a sentence. */
function difference(a: string, b: string): number {
  if (a === b) return 0;
  return vowels.has(a) === vowels.has(b) ? 0.9 : 1.6;
}

/**
 * Says of each spoken phone which token it is of, where the phones of each token are known only as it sounds alone: "the"
 * changes its vowel, "Dr." becomes a doctor, "$5 million" turns round. The cheapest alignment in order (Needleman and
 * Wunsch, 1970), over pauses as over nothing.
 *
 * @param spoken Phones as they were spoken, without pauses.
 * @param expected Of each token, its phones.
 * @returns The token's place for each spoken phone; never falling.
 */
export function alignPhones(spoken: readonly string[], expected: readonly (readonly string[])[]): number[] {
  const phones = expected.flat();
  const owners = expected.flatMap((list, token) => list.map(() => token));
  const width = phones.length + 1;
  const costs = new Float64Array((spoken.length + 1) * width);
  for (let j = 1; j < width; j++) costs[j] = j * LEFT_OUT;
  for (let i = 1; i <= spoken.length; i++) {
    costs[i * width] = i * ADDED;
    for (let j = 1; j < width; j++)
      costs[i * width + j] = Math.min(
        costs[(i - 1) * width + j - 1]! + difference(spoken[i - 1]!, phones[j - 1]!),
        costs[(i - 1) * width + j]! + ADDED,
        costs[i * width + j - 1]! + LEFT_OUT,
      );
  }
  const tokens = new Array<number>(spoken.length);
  let [i, j] = [spoken.length, phones.length];
  while (i > 0) {
    const cost = costs[i * width + j]!;
    if (j > 0 && cost === costs[(i - 1) * width + j - 1]! + difference(spoken[i - 1]!, phones[j - 1]!)) {
      tokens[--i] = owners[--j]!;
    } else if (cost === costs[(i - 1) * width + j]! + ADDED) {
      // Of the token before it: what is added stands at the end of words, as a plural's or in a linked vowel.
      tokens[--i] = owners[Math.max(0, j - 1)] ?? 0;
    } else j--;
  }
  return tokens;
}
