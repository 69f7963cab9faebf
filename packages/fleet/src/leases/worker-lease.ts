import type { KV } from '@nats-io/kv';
import { natsFault } from '../connection/nats-fault.ts';
import { compareAndSet } from '../store/compare-and-set.ts';
import { HELD, leaseOf } from './fence-worker.ts';
import { beatMs } from './worker-beat.ts';

/** `held`: written again; `lost`: somebody else wrote it, or it is gone; `away`: the server did not answer. */
export type LeaseState = 'held' | 'lost' | 'away';

/** The lease of a worker: a key that only it writes as long as it lives. Who writes over it has found it old. */
export class WorkerLease {
  readonly #leases: KV;
  readonly #worker: string;
  readonly #leaseMs: number;
  #revision = 0;
  #heldAt = Number.NEGATIVE_INFINITY;

  constructor(leases: KV, worker: string, leaseMs: number) {
    this.#leases = leases;
    this.#worker = worker;
    this.#leaseMs = leaseMs;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Whether nobody can have found it old by now. */
  get isFresh(): boolean {
    return performance.now() - this.#heldAt < this.#leaseMs / 2;
  }

  /** Writes it whatever stands there: at the start, and when everything that ran under the last one was looked through. */
  async take(): Promise<void> {
    const begun = performance.now();
    this.#revision = await this.#leases.put(this.#worker, HELD).catch((error: unknown) => {
      throw natsFault(`the lease of ${this.#worker} cannot be written`, error);
    });
    this.#heldAt = begun;
  }

  async renew(): Promise<LeaseState> {
    const begun = performance.now();
    try {
      const written = this.#leases.update(this.#worker, HELD, this.#revision, 2 * beatMs(this.#leaseMs));
      const revision = await compareAndSet(written);
      // Written when and by whom: found to be its own, it is written once more, so that it is known how old it is.
      if (revision === undefined) return (await this.#isMine()) ? await this.renew() : 'lost';
      this.#revision = revision;
      this.#heldAt = begun;
      return 'held';
    } catch {
      return 'away';
    }
  }

  async end(): Promise<void> {
    await this.#leases.purge(this.#worker);
  }

  /** A writing of one's own whose answer came too late is not somebody else's. */
  async #isMine(): Promise<boolean> {
    const revision = await leaseOf(this.#leases, this.#worker);
    this.#revision = revision ?? this.#revision;
    return revision !== undefined;
  }
}
