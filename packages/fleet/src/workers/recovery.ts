import { fleetError } from '../errors.ts';
import { fenceWorker, isFenced, leaseOf } from '../leases/fence-worker.ts';
import type { LeaseAges } from '../leases/lease-ages.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { isSettled, type ReadJob } from '../store/job-record.ts';
import type { ServerTime } from '../store/server-time.ts';
import { JobsByWorker } from './jobs-by-worker.ts';

/** After so many workers that died with it, one after the other, a job is taken for what kills them. */
const MOST_LOSSES = 3;
/** A job that ran for so long is not what killed its worker, in milliseconds. */
const INNOCENT_MS = 60_000;
/** How long what is done is told to whoever asks, in milliseconds. */
const REMEMBERED_MS = 3600_000;
/** A job that is queued for so long is queued again: who was to do so may have died in between. */
const FORGOTTEN_MS = 10_000;

/** What workers do for each other: the jobs of one that died are queued again, and what fell between two writes is found. */
export class Recovery {
  readonly #store: FleetStore;
  readonly #ages: LeaseAges;
  readonly #time: Pick<ServerTime, 'now'>;
  readonly #again = new Set<string>();
  /** Who was found without a lease: what they left in the bucket is not read again. */
  #ended: ReadonlySet<string> = new Set();

  constructor(store: FleetStore, ages: LeaseAges, time: Pick<ServerTime, 'now'>) {
    this.#time = time;
    this.#store = store;
    this.#ages = ages;
  }

  /** Their leases are old. All jobs are read once, however many workers died in the same moment: a machine takes all of its own with it. */
  async of(workers: readonly string[]): Promise<void> {
    const fenced = new Map<string, number>();
    for (const worker of workers) {
      const revision = await this.#fence(worker);
      if (revision !== undefined) fenced.set(worker, revision);
    }
    if (fenced.size === 0) return;
    const left = new JobsByWorker();
    for await (const held of this.#store.all()) {
      const { worker } = held.record;
      if (worker !== null && fenced.has(worker)) left.add(worker, held);
    }
    for (const [worker, revision] of fenced) {
      // Asked behind the reading: who came back meanwhile has its lease again, and writes its jobs, of which what was read is old then.
      if (!(await isFenced(this.#store.leases, worker, revision))) continue;
      for (const held of left.of(worker)) await this.#rescue(held);
      await this.#store.leases.purge(worker, { previousSeq: revision }).catch(() => {});
    }
  }

  /** Looks through all jobs. @param living Those whose jobs are theirs. */
  async sweep(living: ReadonlySet<string>): Promise<void> {
    const now = await this.#time.now();
    const left = new JobsByWorker();
    for await (const held of this.#store.all()) {
      const { writtenAt } = held;
      const { job, state, worker, tries } = held.record;
      if (isSettled(state)) {
        if (now - writtenAt > REMEMBERED_MS) await this.#store.forget(job);
      } else if (worker !== null) {
        if (!living.has(worker)) left.add(worker, held);
      } else if (now - writtenAt > FORGOTTEN_MS && !this.#again.has(`${job}:${tries}`)) {
        this.#again.add(`${job}:${tries}`);
        await this.#store.enqueue(held.record);
      }
    }
    for (const worker of left.workers)
      if (await this.#isGone(worker)) for (const held of left.of(worker)) await this.#rescue(held);
  }

  /**
   * Looks for workers that have a lease and were never heard here: one that dies before a word of it has come is found like any other, a
   * lease's time after this.
   */
  async meet(): Promise<void> {
    const ended = new Set<string>();
    for (const worker of await this.#store.leaseHolders()) {
      if (this.#ages.revisionOf(worker) !== undefined) continue;
      if (this.#ended.has(worker) || (await this.#isGone(worker))) ended.add(worker);
    }
    this.#ended = ended;
  }

  /** The number of our writing of its lease, where its jobs are ours to give away. */
  async #fence(worker: string): Promise<number | undefined> {
    const seen = this.#ages.revisionOf(worker);
    if (seen === undefined) return undefined;
    const fencing = await fenceWorker(this.#store.leases, worker, seen);
    if (fencing.status === 'alive') this.#ages.written(worker, fencing.revision);
    else this.#ages.forget(worker);
    return fencing.status === 'fenced' ? fencing.revision : undefined;
  }

  /**
   * Whether nobody has its lease. One that was not heard here may have begun a moment ago, or its words were lost: to give its jobs away
   * before its lease is taken would have each of them run twice.
   */
  async #isGone(worker: string): Promise<boolean> {
    // It ages, and is fenced when it is old.
    if (this.#ages.revisionOf(worker) !== undefined) return false;
    const revision = await leaseOf(this.#store.leases, worker);
    if (revision !== undefined) this.#ages.written(worker, revision);
    return revision === undefined;
  }

  async #rescue(held: ReadJob): Promise<void> {
    const { job, from } = held.record;
    const losses = (await this.#time.now()) - held.writtenAt > INNOCENT_MS ? 1 : held.record.losses + 1;
    if (losses >= MOST_LOSSES) {
      const { code, message } = fleetError('SLUICE_JOB_LOST', `${losses} workers died with the job ${job}`, {
        fix: 'Look into its log and into what the workers wrote before they ended',
      });
      await this.#store.change(held, { state: 'failed', worker: null, error: { code, message } });
      return;
    }
    const still = from !== null && this.#ages.revisionOf(from) !== undefined ? from : null;
    const queued = await this.#store.change(held, { state: 'queued', worker: null, from: still, losses });
    if (queued !== undefined) await this.#store.enqueue(queued.record);
  }
}
