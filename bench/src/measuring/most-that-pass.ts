/** Where {@link mostThatPass} looks. */
export interface SearchOptions {
  readonly first: number;
  readonly limit: number;
  /** How often the distance between what passes and what does not is halved, at most. */
  readonly halvings: number;
}

/**
 * The largest count that passes, 0 if not even the first does: doubled until one fails or the limit passes, then halfway
 * between. What passes is taken to pass with fewer as well.
 */
export async function mostThatPass(
  passes: (count: number) => Promise<boolean>,
  { first, limit, halvings }: SearchOptions,
): Promise<number> {
  let good = 0;
  let count = first;
  while (await passes(count)) {
    good = count;
    if (count === limit) return good;
    count = Math.min(2 * count, limit);
  }
  for (let halving = 0; halving < halvings && count - good > 1; halving++) {
    const middle = (good + count) >> 1;
    if (await passes(middle)) good = middle;
    else count = middle;
  }
  return good;
}
