import { fleetError } from '../errors.ts';
import { fenceWorker, leaseOf } from '../leases/fence-worker.ts';
import type { LeaseAges } from '../leases/lease-ages.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { isSettled, type ReadJob } from '../store/job-record.ts';
import type { ServerTime } from '../store/server-time.ts';

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
    for await (const held of this.#store.all()) if (fenced.has(held.record.worker ?? '')) await this.#rescue(held);
    for (const [worker, previousSeq] of fenced) await this.#store.leases.purge(worker, { previousSeq }).catch(() => {});
  }

  /** Looks through all jobs. @param living Those whose jobs are theirs. */
  async sweep(living: ReadonlySet<string>): Promise<void> {
    const now = await this.#time.now();
    const found = new Map<string, boolean>();
    /** Of all jobs of one worker its lease is read once. */
    const isGone = async (worker: string): Promise<boolean> => {
      const gone = found.get(worker) ?? (await this.#isGone(worker));
      found.set(worker, gone);
      return gone;
    };
    for await (const held of this.#store.all()) {
      const { writtenAt } = held;
      const { job, state, worker, tries } = held.record;
      if (isSettled(state)) {
        if (now - writtenAt > REMEMBERED_MS) await this.#store.forget(job);
      } else if (worker !== null) {
        if (!living.has(worker) && (await isGone(worker))) await this.#rescue(held);
      } else if (now - writtenAt > FORGOTTEN_MS && !this.#again.has(`${job}:${tries}`)) {
        this.#again.add(`${job}:${tries}`);
        await this.#store.enqueue(held.record);
      }
    }
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
