import { setTimeout as sleep } from 'node:timers/promises';
import type { JsMsg } from '@nats-io/jetstream';
import { fleetError } from '../errors.ts';
import type { LeaseAges } from '../leases/lease-ages.ts';
import { chooseWorker } from '../placing/choose-worker.ts';
import type { WorkerLoad } from '../placing/worker-load.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { HeldJob, JobRecord, QueuedJob, ReadJob } from '../store/job-record.ts';
import { SCHEDULERS } from '../store/make-streams.ts';
import type { ServerTime } from '../store/server-time.ts';
import { within } from './within.ts';

/** What a worker answers who is asked to take a job; `gone`: the job is not to be had any more. */
export interface Admission {
  readonly status: 'admitted' | 'refused' | 'gone';
  readonly load: WorkerLoad;
}

/** How long to leave a job in the queue that nobody has room for, in milliseconds. */
const LATER_MS = 400;
const PULL_MS = 1000;
/** The same, for one whose record could not be read: a server that has just come back answers late. */
const AGAIN_MS = 200;

/** Takes jobs from the queue and gives each to the worker with most room, until one has taken it. */
export class Scheduler {
  readonly #store: FleetStore;
  readonly #ages: LeaseAges;
  readonly #time: ServerTime;
  readonly #ask: (worker: string, record: JobRecord) => Promise<Admission | undefined>;
  /** Loads that workers answered with, newer than what they told of themselves. */
  readonly #answered = new Map<string, { readonly revision: number; readonly load: WorkerLoad }>();
  readonly #ended: Promise<void>;
  #closed = false;

  constructor(
    store: FleetStore,
    ages: LeaseAges,
    time: ServerTime,
    ask: (worker: string, record: JobRecord) => Promise<Admission | undefined>,
  ) {
    this.#store = store;
    this.#ages = ages;
    this.#time = time;
    this.#ask = ask;
    this.#ended = this.#pull();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#ended;
  }

  async #pull(): Promise<void> {
    const { connection, js } = this.#store;
    while (!this.#closed) {
      try {
        if (!connection.connected) throw new Error('NATS is away');
        const consumer = await connection.answered(js.consumers.get(`${connection.tenant}-queue`, SCHEDULERS));
        const message = await this.#next(consumer.next({ expires: PULL_MS }));
        if (message !== undefined) await this.#handle(message);
      } catch {
        await sleep(AGAIN_MS);
      }
    }
  }

  /**
   * What was pulled; undefined where nothing came. A question that was on its way when the server went is asked of the next one by the
   * client itself: what is answered to it when nobody waits any more goes back as well.
   */
  async #next(pulled: Promise<JsMsg | null>): Promise<JsMsg | undefined> {
    let isWaitedFor = true;
    pulled.then(
      (message) => isWaitedFor || message?.nak(),
      () => {},
    );
    try {
      const got = await within(this.#store.connection.answered(pulled), 2 * PULL_MS);
      isWaitedFor = got !== undefined;
      return got?.value ?? undefined;
    } catch (error) {
      isWaitedFor = false;
      throw error;
    }
  }

  /** What cannot be looked at now goes back at once: in our hands it would wait until the server takes us for dead. */
  async #handle(message: JsMsg): Promise<void> {
    try {
      await this.#place(message);
    } catch (error) {
      message.nak(AGAIN_MS);
      throw error;
    }
  }

  async #place(message: JsMsg): Promise<void> {
    if (this.#closed) return message.nak();
    const { job, pauseMs } = message.json<QueuedJob>();
    if (pauseMs > 0 && message.info.deliveryCount === 1) return message.nak(pauseMs);
    const held = await this.#store.read(job);
    if (held === undefined || held.record.state !== 'queued') return message.ack();
    const refused = new Set<string>();
    for (;;) {
      const worker = chooseWorker(this.#candidates(held, refused), Math.random);
      if (worker === undefined) break;
      const answer = await this.#ask(worker, held.record);
      if (answer !== undefined) this.#note(worker, answer.load);
      if (answer?.status === 'admitted' || answer?.status === 'gone') return message.ack();
      refused.add(worker);
    }
    if (await this.#isTooLate(held)) return message.ack();
    message.nak(LATER_MS);
  }

  #candidates({ record }: HeldJob, refused: ReadonlySet<string>) {
    return this.#ages.living
      .filter((beat) => !beat.draining && beat.factories.includes(record.factory))
      .filter(({ worker }) => worker !== record.from && !refused.has(worker))
      .map(({ worker, revision, load }) => {
        const answered = this.#answered.get(worker);
        return { worker, load: answered?.revision === revision ? answered.load : load };
      });
  }

  #note(worker: string, load: WorkerLoad): void {
    const revision = this.#ages.revisionOf(worker);
    if (revision !== undefined) this.#answered.set(worker, { revision, load });
  }

  async #isTooLate(held: ReadJob): Promise<boolean> {
    const { record, writtenAt } = held;
    if (record.from !== null || (await this.#time.now()) - writtenAt < record.waitMs) return false;
    const offered = this.#ages.living.some(({ factories }) => factories.includes(record.factory));
    const { code, message } = fleetError('SLUICE_JOB_UNPLACED', `no worker took the job ${record.job}`, {
      expected: `one with room for ${record.factory} within ${record.waitMs} ms`,
      received: offered ? 'workers that are full' : 'no worker that offers it',
      fix: offered ? 'Start more workers' : 'Start a worker with a factory of this name',
    });
    return (await this.#store.change(held, { state: 'failed', error: { code, message } })) !== undefined;
  }
}
