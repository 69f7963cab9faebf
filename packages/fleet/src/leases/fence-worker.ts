import type { KV } from '@nats-io/kv';
import { compareAndSet } from '../store/compare-and-set.ts';

/** What a worker writes into its lease. */
export const HELD = 'held';

/** The last writing of a lease by its worker; undefined where there is none, or somebody else wrote over it. */
export async function leaseOf(leases: KV, worker: string): Promise<number | undefined> {
  const entry = await leases.get(worker);
  return entry?.operation === 'PUT' && entry.string() === HELD ? entry.revision : undefined;
}

/** What came of it: `alive` with what it wrote last, `fenced` with the number of our writing, or `other`: somebody is at it. */
export type Fencing =
  | { readonly status: 'alive'; readonly revision: number }
  | { readonly status: 'fenced'; readonly revision: number }
  | { readonly status: 'gone' };

/**
 * Takes the lease of a worker that was not heard: from here on it cannot write it, and learns so. Whoever was quicker than we
 * does what is to be done.
 *
 * @param seen The last writing that was heard of.
 */
export async function fenceWorker(leases: KV, worker: string, seen: number): Promise<Fencing> {
  const entry = await leases.get(worker);
  if (entry === null || entry.operation !== 'PUT') return { status: 'gone' };
  if (entry.revision !== seen) return { status: 'alive', revision: entry.revision };
  const revision = await compareAndSet(leases.update(worker, 'fenced', seen));
  return revision === undefined ? { status: 'gone' } : { status: 'fenced', revision };
}

/** Whether the lease of a worker is as we left it: it was not taken again. */
export async function isFenced(leases: KV, worker: string, revision: number): Promise<boolean> {
  return (await leases.get(worker))?.revision === revision;
}
