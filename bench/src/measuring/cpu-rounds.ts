import { realClock, sleep } from '@sluice/core';
import type { ProcessTree } from './process-tree.ts';
import { mean, type Rounds } from './rounds.ts';

const ROUNDS = 5;

/** CPU of processes together over so many seconds and in each fifth of them, in percent of a core. */
export async function cpuRounds(trees: readonly ProcessTree[], seconds: number): Promise<Rounds> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const wait = sleep(realClock, (1_000 * seconds) / ROUNDS);
    const used = await Promise.all(trees.map((tree) => tree.cpuMs(wait)));
    rounds.push((100 * used.reduce((sum, ms) => sum + ms, 0)) / (performance.now() - start));
  }
  return mean(rounds);
}

/** The same of each of `count`. */
export function each({ value, rounds }: Rounds, count: number): Rounds {
  return { value: value / count, rounds: rounds.map((one) => one / count) };
}
