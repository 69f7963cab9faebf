// That workers live: each writes its lease again and again, and tells so; whose lease grew old is dead to the others. No job.

import type { WorkerLoad } from '../placing/worker-load.ts';

/** How often a worker writes its lease and tells its load, in milliseconds. */
export const BEAT_MS = 500;
/** A lease that was not written for so long is old, in milliseconds. */
export const LEASE_MS = 2000;

/** What a worker tells twice a second. */
export interface WorkerBeat {
  readonly worker: string;
  /** Of the last writing of its lease. */
  readonly revision: number;
  readonly factories: readonly string[];
  readonly load: WorkerLoad;
  /** It takes no job, and gives away those that it has. */
  readonly draining: boolean;
}
