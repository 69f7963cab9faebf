import { randomBytes } from 'node:crypto';
import type { Subscription } from '@nats-io/transport-node';
import { prometheusText } from '@sluice/core';
import { hear } from '../connection/hear.ts';
import { checkName } from '../connection/tenant-name.ts';
import { fleetError } from '../errors.ts';
import { LeaseAges } from '../leases/lease-ages.ts';
import { readBeat } from '../leases/read-beat.ts';
import type { WorkerBeat } from '../leases/worker-beat.ts';
import { fleetMetrics } from '../metrics/fleet-metrics.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { isSettled, type JobRecord } from '../store/job-record.ts';
import { checkDispatch, type DispatchOptions } from './dispatch-options.ts';
import { DispatchedJob } from './dispatched-job.ts';

/** How long a server that is away is waited for before a job is given to it, in milliseconds. */
const BACK_MS = 5_000;

/** The fleet of a tenant, made by `openFleet`. */
export class Fleet implements AsyncDisposable {
  readonly #store: FleetStore;
  readonly #ages = new LeaseAges();
  readonly #timer: NodeJS.Timeout;
  #beats: Subscription | undefined;

  /** @internal */
  constructor(store: FleetStore) {
    this.#store = store;
    this.#timer = setInterval(() => {
      for (const worker of this.#ages.step(250)) this.#ages.forget(worker);
    }, 250);
    this.#timer.unref();
  }

  /** @internal */
  async begin(): Promise<void> {
    const { connection } = this.#store;
    this.#beats = await hear(connection, connection.subject('beats', '*', '*'), (message) => {
      const beat = readBeat(connection, message);
      if (beat !== undefined) this.#ages.heard(beat);
    });
  }

  /** Workers that were heard within 2 s; the first are there half a second after the fleet was opened. */
  get workers(): readonly WorkerBeat[] {
    return this.#ages.living;
  }

  /**
   * Has a job done by the worker that has most room. When this resolves, the job is kept and will not be lost. A server that is away
   * is waited for, for 5 s.
   *
   * @param factory The name under which workers offer what builds the bot.
   * @param input What it is given, as JSON, of 64 KiB at most.
   * @throws TypeError for what is wrong; SluiceError `SLUICE_JOB_TAKEN` where a job of this name is not settled yet,
   *   `SLUICE_JOB_QUOTA`, `SLUICE_FLEET_UNREACHABLE`
   * @example
   * const job = await fleet.dispatch('greeter', { room: 'lobby' }, { job: 'greeter-lobby' });
   */
  async dispatch(factory: string, input: unknown, options: DispatchOptions = {}): Promise<DispatchedJob> {
    checkDispatch(factory, input, options);
    const { job = `${factory.slice(0, 50)}-${randomBytes(5).toString('hex')}`, waitMs = 60_000 } = options;
    const record: JobRecord = {
      job,
      factory,
      input,
      state: 'queued',
      worker: null,
      from: null,
      tries: 0,
      losses: 0,
      at: Date.now(),
      waitMs,
      moveFailure: null,
      error: null,
    };
    await this.#store.reach(`the job ${job} cannot be dispatched`, BACK_MS);
    const known = options.job === undefined ? undefined : await this.#store.read(job);
    const held =
      known === undefined
        ? await this.#store.create(record)
        : isSettled(known.record.state)
          ? await this.#store.change(known, record)
          : undefined;
    if (held === undefined)
      throw fleetError('SLUICE_JOB_TAKEN', `there is a job ${job} already`, {
        fix: 'Cancel it first, or dispatch under another name',
      });
    // Only now: of two who ask at once the second must not take from the first one's bot what it keeps.
    if (known !== undefined) await this.#store.kept.purge(job);
    await this.#store.enqueue(record);
    return new DispatchedJob(this.#store, job);
  }

  /** A job that was dispatched before, maybe by another process. @throws TypeError for what is no name */
  job(name: string): DispatchedJob {
    checkName('fleet.job', name);
    return new DispatchedJob(this.#store, name);
  }

  /** All jobs that are not settled, and those that were within the last hour. */
  async jobs(): Promise<JobRecord[]> {
    const records: JobRecord[] = [];
    for await (const { record } of this.#store.all()) records.push(record);
    return records;
  }

  /**
   * Its workers, their load and its jobs, in the text format of Prometheus, version 0.0.4. One process of a tenant gives it out; each
   * call reads all jobs.
   */
  async metrics(): Promise<string> {
    return prometheusText(fleetMetrics({ workers: this.workers, jobs: await this.jobs() }));
  }

  /** Ends the looking; jobs go on. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#beats?.unsubscribe();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
