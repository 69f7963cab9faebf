import { percentile } from './percentile.ts';

/** A figure, and what it was in each round of its measurement. */
export interface Rounds {
  readonly value: number;
  readonly rounds: readonly number[];
}

/** The best of rounds in which less is better. */
export function least(rounds: readonly number[]): Rounds {
  return { value: Math.min(...rounds), rounds };
}

/** The best of rounds in which more is better. */
export function most(rounds: readonly number[]): Rounds {
  return { value: Math.max(...rounds), rounds };
}

export function median(rounds: readonly number[]): Rounds {
  return { value: percentile(rounds, 0.5), rounds };
}

export function mean(rounds: readonly number[]): Rounds {
  return { value: rounds.reduce((sum, one) => sum + one, 0) / rounds.length, rounds };
}

/**
 * A figure of values in the order in which they were taken: of all, and as rounds of each tenth of them. Fewer than twenty
 * make fewer rounds, so that none is of a single value.
 */
export function inTenths<T>(values: readonly T[], figure: (values: readonly T[]) => number): Rounds {
  const count = Math.min(10, Math.floor(values.length / 2));
  const at = (round: number) => Math.round((round * values.length) / count);
  const rounds = Array.from({ length: count }, (_, round) => figure(values.slice(at(round), at(round + 1))));
  return { value: figure(values), rounds };
}

/** The value that `share` (0 to 1) of all are not above, and the same of each tenth. */
export function percentileInTenths(values: readonly number[], share: number): Rounds {
  return inTenths(values, (some) => percentile(some, share));
}
