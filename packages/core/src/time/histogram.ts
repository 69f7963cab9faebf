/** Buckets per power of two: a value is known within 12.5 %. */
const STEPS = 8;
const OCTAVES = 44;

/**
 * Counts non-negative values in log-linear buckets of a typed array: recording costs about a nanosecond and allocates
 * nothing. Values are unit-free; the owner says which unit it records.
 */
export class Histogram {
  readonly #buckets = new Uint32Array(STEPS * OCTAVES);
  #count = 0;
  #max = 0;
  /** What was asked since the last value, by share: who looks five times a second asks mostly for what it knows. */
  #asked: Map<number, number> | undefined;
  #askedAt = 0;

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  record(value: number): void {
    this.#count++;
    if (value > this.#max) this.#max = value;
    this.#buckets[bucketOf(value)]!++;
  }

  /** The value below which `share` (0 to 1) of what was recorded lies: the upper edge of its bucket, at most `max`. */
  percentile(share: number): number {
    if (share * this.#count === 0) return 0;
    this.#asked ??= new Map();
    if (this.#askedAt !== this.#count) this.#asked.clear();
    this.#askedAt = this.#count;
    const known = this.#asked.get(share) ?? this.#find(share * this.#count);
    this.#asked.set(share, known);
    return known;
  }

  reset(): void {
    this.#buckets.fill(0);
    this.#count = 0;
    this.#max = 0;
    this.#asked = undefined;
  }

  /** The value that so many are not above. */
  #find(rank: number): number {
    let left = rank;
    for (let bucket = 0; bucket < this.#buckets.length; bucket++) {
      left -= this.#buckets[bucket]!;
      if (left <= 0) return Math.min(upperEdge(bucket), this.#max);
    }
    return this.#max;
  }
}

function bucketOf(value: number): number {
  if (value < 1) return 0;
  const octave = 31 - Math.clz32(Math.min(value, 0xffff_ffff));
  const step = Math.floor((value / 2 ** octave - 1) * STEPS);
  return Math.min((octave + 1) * STEPS + Math.min(step, STEPS - 1), STEPS * OCTAVES - 1);
}

function upperEdge(bucket: number): number {
  if (bucket < STEPS) return 1;
  const octave = Math.floor(bucket / STEPS) - 1;
  return 2 ** octave * (1 + ((bucket % STEPS) + 1) / STEPS);
}
