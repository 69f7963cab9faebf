import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetStore } from '../store/fleet-store.ts';
import { type HeldJob, isSettled, type JobRecord, toldWords } from '../store/job-record.ts';

const AGAIN_MS = 300;

/** What a record is to become, by what it is; undefined where nothing is to be written. */
export type JobChange = (record: JobRecord) => Partial<JobRecord> | undefined;

/** The record of a job that this worker has taken, and what this worker writes into it. */
export class JobClaim {
  readonly #store: FleetStore;
  readonly #worker: string;
  readonly #lost: () => void;
  #held: HeldJob;
  #last: Promise<unknown> = Promise.resolve();

  /** @param lost Others have the job. */
  constructor(store: FleetStore, held: HeldJob, worker: string, lost: () => void) {
    this.#store = store;
    this.#worker = worker;
    this.#held = held;
    this.#lost = lost;
  }

  /** As it was known last. */
  get record(): JobRecord {
    return this.#held.record;
  }

  /** Whether a record still says that this worker has the job: it is looked at when the server was away. */
  isOf({ worker, from, tries }: JobRecord): boolean {
    return (worker === this.#worker && tries === this.record.tries) || (worker === null && from === this.#worker);
  }

  /**
   * Writes a change, one after the other; when NATS is back where it is away.
   *
   * @returns what was written; undefined where nothing was
   */
  settle(change: JobChange): Promise<JobRecord | undefined> {
    const written = this.#last.then(() => this.#write(change));
    this.#last = written;
    return written;
  }

  /** Writes it as it is: who was about to give the job away, by what was read before, changes nothing then. */
  async confirm(): Promise<void> {
    await this.settle(({ worker }) => (worker === this.#worker ? {} : undefined));
  }

  /**
   * Gives the job back to the queue, once: the bot goes on until the next one is ready. One that is only built for the place of
   * another leaves it to that one.
   *
   * @returns whether this worker is left out from here on
   */
  async handOver(): Promise<boolean> {
    let next = false;
    // Behind what is being written: a change of what was read before it would be none.
    const written = await this.settle(({ state, worker, from }) => {
      if (worker !== this.#worker) return undefined;
      next = state === 'starting' && from !== null;
      return { state: 'queued', worker: null, from: next ? from : this.#worker };
    });
    if (written === undefined) return false;
    await this.#store.enqueue(written);
    return next;
  }

  /**
   * Nobody speaks here any more. Where the next bot is being made it is the last try; where it could not be made before, the
   * job has failed; where nobody has tried it waits.
   */
  async leave(): Promise<void> {
    for (;;) {
      const held = await this.#store.read(this.record.job);
      if (held === undefined || held.record.from !== this.#worker || isSettled(held.record.state)) return;
      const { state, moveFailure } = held.record;
      if (state === 'queued' && (moveFailure ?? null) === null) return;
      const change = state === 'queued' ? failedWith(moveFailure!) : { from: null };
      if ((await this.#store.change(held, change)) !== undefined) return;
    }
  }

  async #write(change: JobChange): Promise<JobRecord | undefined> {
    for (;;) {
      try {
        const wanted = change(this.record);
        if (wanted === undefined) return undefined;
        const held = await this.#store.change(this.#held, wanted);
        if (held !== undefined) {
          this.#held = held;
          return held.record;
        }
        if (!(await this.#readAgain())) return undefined;
      } catch {
        if (this.#store.connection.nats.isClosed()) return undefined;
        await sleep(AGAIN_MS);
      }
    }
  }

  /** The record was changed meanwhile: by ourselves, where only the answer was lost, or by who has taken the job. */
  async #readAgain(): Promise<boolean> {
    const held = await this.#store.read(this.record.job);
    if (held === undefined || !this.isOf(held.record)) {
      this.#lost();
      return false;
    }
    this.#held = held;
    return true;
  }
}

/** What a record becomes of a job that failed for good. */
export function failedWith({ code, message, account }: NonNullable<JobRecord['error']>): Partial<JobRecord> {
  const error = { code, message: toldWords(message), ...(account && { account }) };
  return { state: 'failed', worker: null, from: null, moveFailure: null, error };
}
