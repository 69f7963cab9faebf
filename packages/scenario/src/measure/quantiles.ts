/** Of some durations, in milliseconds; null where there are none. */
export interface Quantiles {
  /** How many were measured. */
  readonly count: number;
  /** Half are not above; null where nothing was measured. */
  readonly p50: number | null;
  /** Nineteen of twenty are not above; null where nothing was measured. */
  readonly p95: number | null;
  /** The largest; null where nothing was measured. */
  readonly max: number | null;
}

export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  // The nearest rank: of ten values, p95 is the largest.
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return value === undefined ? null : Math.round(value * 10) / 10;
  };
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}
