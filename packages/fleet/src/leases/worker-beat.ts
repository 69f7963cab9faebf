// That workers live: each writes its lease again and again, and tells so; whose lease grew old is dead to the others. No job.

import type { WorkerLoad } from '../placing/worker-load.ts';

/** A lease that was not written for so long is old, in milliseconds, unless its worker says otherwise. */
export const LEASE_MS = 2000;

/** How often a worker writes its lease and tells its load, in milliseconds. */
export const beatMs = (leaseMs: number): number => leaseMs / 4;

/** What a worker tells four times in a lease: twice a second. */
export interface WorkerBeat {
  /** Its name, under which it holds its lease. */
  readonly worker: string;
  /** Of the last writing of its lease. */
  readonly revision: number;
  /** How long after its last word it is given up, in milliseconds. */
  readonly leaseMs: number;
  /** Names of what it makes bots with: a job goes only to who offers its factory. */
  readonly factories: readonly string[];
  /** How much it has to do, by which jobs are placed. */
  readonly load: WorkerLoad;
  /** It takes no job, and gives away those that it has. */
  readonly draining: boolean;
}
