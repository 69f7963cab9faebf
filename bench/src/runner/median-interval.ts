/** Where the median of what was drawn from lies with 95 % certainty, whatever the distribution. */
export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The interval between two order statistics that are equally far from the ends: that the median lies outside of it has
 * the probability that a fair coin shows its rarer side so few times. At least 6 values.
 */
export function medianInterval(values: readonly number[]): MedianInterval {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  let rank = -1;
  // Of both tails together, up to and with `rank + 1` values outside.
  for (let tail = 2 * 0.5 ** count, term = tail; tail <= 0.05; tail += term) {
    rank++;
    term *= (count - rank) / (rank + 1);
  }
  if (rank < 0) throw new RangeError(`at least 6 values are needed to tell anything, not ${count}`);
  const middle = count >> 1;
  const median = count % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, low: sorted[rank]!, high: sorted[count - 1 - rank]! };
}
