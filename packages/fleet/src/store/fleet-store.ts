import { type JetStreamClient, jetstream } from '@nats-io/jetstream';
import type { KV, KvEntry } from '@nats-io/kv';
import type { FleetConnection } from '../connection/fleet-connection.ts';
import { natsFault } from '../connection/nats-fault.ts';
import { compareAndSet } from './compare-and-set.ts';
import type { HeldJob, JobRecord, QueuedJob, ReadJob } from './job-record.ts';
import { makeStreams, type ReplicaCount } from './make-streams.ts';

/** How long a write may take, in milliseconds: longer than a server's disk, shorter than a lease. */
const WRITE_MS = 1500;

/** The jobs of a tenant, as NATS keeps them. Each change is of the last writing, or is none. */
export class FleetStore {
  readonly connection: FleetConnection;
  readonly js: JetStreamClient;
  /** Of each worker that lives, its lease. */
  readonly leases: KV;
  /** Of each job, what its bot kept for the next one. */
  readonly kept: KV;
  readonly #jobs: KV;

  /** Opens what is there, and makes what is not. @throws SluiceError, see `connectNats`, `SLUICE_FLEET_JETSTREAM` and `SLUICE_FLEET_REPLICAS` */
  static async open(connection: FleetConnection, replicas?: ReplicaCount): Promise<FleetStore> {
    try {
      return new FleetStore(connection, jetstream(connection.nats), await makeStreams(connection, replicas));
    } catch (error) {
      throw natsFault(`the jobs of the tenant ${connection.tenant} cannot be opened`, error);
    }
  }

  private constructor(
    connection: FleetConnection,
    js: JetStreamClient,
    buckets: Record<'jobs' | 'leases' | 'kept', KV>,
  ) {
    this.connection = connection;
    this.js = js;
    this.leases = buckets.leases;
    this.kept = buckets.kept;
    this.#jobs = buckets.jobs;
  }

  /** Resolves when the server is there. @throws SluiceError `SLUICE_FLEET_UNREACHABLE` where it is not within `waitMs` */
  async reach(what: string, waitMs: number): Promise<void> {
    await this.connection.back(waitMs).catch((error: unknown) => {
      throw natsFault(what, error);
    });
  }

  async read(job: string): Promise<ReadJob | undefined> {
    const entry = await this.#try(`the job ${job} cannot be read`, () => this.#jobs.get(job));
    if (entry === null || entry.operation !== 'PUT') return undefined;
    return readJob(entry);
  }

  /** Writes a job of which nothing is known; undefined where something is. */
  async create(record: JobRecord): Promise<HeldJob | undefined> {
    return await this.#write(record, () => this.#jobs.create(record.job, JSON.stringify(record)));
  }

  /** Changes what was read; undefined where it is not the last writing any more. */
  async change(held: HeldJob, change: Partial<JobRecord>): Promise<HeldJob | undefined> {
    const record = { ...held.record, at: Date.now(), ...change };
    const { revision } = held;
    return await this.#write(record, () => this.#jobs.update(record.job, JSON.stringify(record), revision, WRITE_MS));
  }

  /** Asks for a worker, after `pauseMs`. A job may stand in the queue twice; who is second finds it taken. */
  async enqueue({ job, factory, tries }: JobRecord, pauseMs = 0): Promise<void> {
    const subject = this.connection.subject('queue', factory);
    const message = JSON.stringify({ job, pauseMs } satisfies QueuedJob);
    const msgID = `${job}:${tries}:${Date.now()}`;
    await this.#try(`the job ${job} cannot be queued`, () => this.js.publish(subject, message, { msgID }));
  }

  /** All that is known; a job that is changed meanwhile may come twice. */
  async *all(): AsyncGenerator<ReadJob> {
    const reading = async () => ({ missing: await this.#keys(this.#jobs), entries: await this.#jobs.history() });
    const { missing, entries } = await this.#try('the jobs cannot be read', reading);
    for await (const entry of entries) {
      if (entry.operation === 'PUT') yield readJob(entry);
      missing.delete(entry.key);
      // While records change the client may not know that it has all: it was seen to wait for 33 s.
      if (missing.size === 0) break;
    }
  }

  /** Tells what a job is now, and each change of it until `signal`. */
  async *watch(job: string, signal: AbortSignal): AsyncGenerator<JobRecord> {
    const changes = await this.#try(`the job ${job} cannot be watched`, () => this.#jobs.watch({ key: job }));
    const end = () => changes.stop();
    signal.addEventListener('abort', end, { once: true });
    try {
      for await (const entry of changes) if (entry.operation === 'PUT') yield entry.json<JobRecord>();
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  /** Names of all workers that have a lease, or had one. */
  async leaseHolders(): Promise<ReadonlySet<string>> {
    return await this.#try('the leases cannot be read', () => this.#keys(this.leases));
  }

  /** Forgets a job and what its bot kept. */
  async forget(job: string): Promise<void> {
    await this.#try(`the job ${job} cannot be forgotten`, () =>
      Promise.all([this.#jobs.purge(job), this.kept.purge(job)]),
    );
  }

  /** Of all that was written, also of what was forgotten. */
  async #keys(bucket: KV): Promise<Set<string>> {
    const { streamInfo } = await bucket.status();
    const { name, subjects } = streamInfo.config;
    const { streams } = await this.js.jetstreamManager();
    const { state } = await streams.info(name, { subjects_filter: '>' });
    // `$KV.bucket.>` before the keys.
    const prefix = subjects[0]!.length - 1;
    return new Set(Object.keys(state.subjects ?? {}).map((subject) => subject.slice(prefix)));
  }

  async #write(record: JobRecord, write: () => Promise<number>): Promise<HeldJob | undefined> {
    const revision = await this.#try(`the job ${record.job} cannot be written`, () => compareAndSet(write()));
    return revision === undefined ? undefined : { record, revision };
  }

  /** What was asked of a server that is away, or went before it answered, is lost: it is not waited for. */
  async #try<T>(what: string, ask: () => Promise<T>): Promise<T> {
    try {
      await this.connection.back(WRITE_MS);
      return await this.connection.answered(ask());
    } catch (error) {
      throw natsFault(what, error);
    }
  }
}

function readJob(entry: KvEntry): ReadJob {
  return { record: entry.json<JobRecord>(), revision: entry.revision, writtenAt: entry.created.getTime() };
}
