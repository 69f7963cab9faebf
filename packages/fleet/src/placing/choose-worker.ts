import { fullness, refusalOf, type WorkerLoad } from './worker-load.ts';

/** A worker as somebody who places jobs knows it. */
export interface Candidate {
  readonly worker: string;
  readonly load: WorkerLoad;
}

/** Beyond so many candidates a sample of this size is looked at. */
const SAMPLE = 16;

/**
 * The worker that has most room. Of many, the best of a sample is taken: many schedulers that all knew the best one would all
 * send to it before it could tell. Equals are chosen by lot.
 *
 * @param random Numbers from 0 to 1.
 */
export function chooseWorker(candidates: readonly Candidate[], random: () => number): string | undefined {
  const free = candidates.filter(({ load }) => refusalOf(load) === undefined);
  let best: Candidate | undefined;
  let least = Number.POSITIVE_INFINITY;
  const looked = Math.min(free.length, SAMPLE);
  for (let i = 0; i < looked; i++) {
    const at = i + Math.floor(random() * (free.length - i));
    const one = free[at]!;
    free[at] = free[i]!;
    free[i] = one;
    const full = fullness(one.load);
    if (full >= least) continue;
    least = full;
    best = one;
  }
  return best?.worker;
}
