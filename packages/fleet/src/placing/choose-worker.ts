import { fullness, refusalOf, type WorkerLoad } from './worker-load.ts';

/** A worker as somebody who places jobs knows it. */
export interface Candidate {
  /** Its name, which decides between workers of the same load. */
  readonly worker: string;
  /** As it told last. */
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
  const { length } = candidates;
  let best: Candidate | undefined;
  let least = Number.POSITIVE_INFINITY;
  const look = (one: Candidate): boolean => {
    if (refusalOf(one.load) !== undefined) return false;
    const full = fullness(one.load);
    if (full < least) {
      least = full;
      best = one;
    }
    return true;
  };
  if (length > SAMPLE) {
    let found = 0;
    for (let drawn = 0; drawn < 4 * SAMPLE && found < SAMPLE; drawn++)
      if (look(candidates[Math.floor(random() * length)]!)) found++;
    if (best !== undefined) return best.worker;
  }
  const first = Math.floor(random() * length);
  for (let i = 0; i < length; i++) look(candidates[(first + i) % length]!);
  return (best as Candidate | undefined)?.worker;
}
