import { setTimeout as sleep } from 'node:timers/promises';
import {
  AckPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
} from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { nanos } from '@nats-io/transport-node';
import { invalidArgument } from '@sluice/core';
import type { FleetConnection } from '../connection/fleet-connection.ts';
import { fleetError } from '../errors.ts';

/** The one who takes jobs from the queue: all workers of a tenant share it. */
export const SCHEDULERS = 'schedulers';

/** The server's code for a subject that belongs to a stream which is there, or is being made. */
const OVERLAPS = 10_065;
/** The server's codes for a consumer and for a stream that is not there. */
const UNKNOWN = new Set([10_014, 10_059]);
/** The server's codes for more copies than it has servers: no peers, alone, more than the cluster has. */
const TOO_FEW = new Set([10_005, 10_074]);
/** How long new copies are waited for: whoever writes then says what is wrong. */
const SETTLED_MS = 10_000;
const AGAIN_MS = 50;
const MOST_TRIES = 20;

type Buckets = Record<'jobs' | 'leases' | 'kept', KV>;

/** Numbers of copies that NATS keeps: an odd one, so that most of them can agree. */
export const replicaCounts = [1, 3, 5] as const;
/** How many servers of a cluster keep what a fleet keeps. */
export type ReplicaCount = (typeof replicaCounts)[number];

/** Refuses what is wrong at once. @throws TypeError */
export function checkReplicas(option: string, replicas: unknown): void {
  if (replicas === undefined || (replicaCounts as readonly unknown[]).includes(replicas)) return;
  throw invalidArgument(option, '1, 3 or 5', replicas);
}

/**
 * Makes the streams and buckets of a tenant where they are not there yet. Of several who do that at once the server refuses some for what
 * the others are making: they look again. Who may only look finds what is there.
 *
 * @param replicas How many servers are to keep all of it; what is there is changed. Default: as it is there, otherwise one.
 */
export async function makeStreams(connection: FleetConnection, replicas?: ReplicaCount): Promise<Buckets> {
  for (let tries = 1; ; tries++) {
    try {
      return await new StreamMaker(connection, await jetstreamManager(connection.nats), replicas).makeAll();
    } catch (error) {
      const code = error instanceof JetStreamApiError ? error.code : undefined;
      if (TOO_FEW.has(code ?? 0))
        throw fleetError('SLUICE_FLEET_REPLICAS', `${replicas} copies of what a fleet keeps cannot be kept`, {
          expected: `a cluster of ${replicas} servers or more with JetStream, all of which are there`,
          received: (error as Error).message,
          fix: 'Start the others, or leave `replicas` out for a server that is alone',
          cause: error,
        });
      if (tries === MOST_TRIES || code !== OVERLAPS) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

class StreamMaker {
  readonly #connection: FleetConnection;
  readonly #manager: JetStreamManager;
  readonly #replicas: ReplicaCount | undefined;

  constructor(connection: FleetConnection, manager: JetStreamManager, replicas: ReplicaCount | undefined) {
    this.#connection = connection;
    this.#manager = manager;
    this.#replicas = replicas;
  }

  async makeAll(): Promise<Buckets> {
    const { tenant } = this.#connection;
    const queue = `${tenant}-queue`;
    await this.#stream({
      name: queue,
      subjects: [this.#connection.subject('queue', '*')],
      retention: RetentionPolicy.Workqueue,
      duplicate_window: nanos(10_000),
    });
    await this.#schedulers(queue);
    await this.#stream({
      name: `${tenant}-logs`,
      subjects: [this.#connection.subject('logs', '*')],
      max_msgs_per_subject: 500,
      max_age: nanos(24 * 3600 * 1000),
      max_bytes: 64 * 1024 * 1024,
      discard: DiscardPolicy.Old,
    });
    const [jobs, leases, kept] = await Promise.all(['jobs', 'leases', 'kept'].map((name) => this.#bucket(name)));
    return { jobs: jobs!, leases: leases!, kept: kept! };
  }

  async #schedulers(queue: string): Promise<void> {
    const known = await found(this.#manager.consumers.info(queue, SCHEDULERS));
    if (known !== undefined) return;
    await this.#manager.consumers.add(queue, {
      durable_name: SCHEDULERS,
      ack_policy: AckPolicy.Explicit,
      // Who took a job and died is waited for no longer than this.
      ack_wait: nanos(3000),
      // Those that nobody has room for wait here, and must not keep others from being looked at.
      max_ack_pending: -1,
    });
  }

  async #bucket(name: string): Promise<KV> {
    const bucket = `${this.#connection.tenant}-${name}`;
    const replicas = (await this.#copies(`KV_${bucket}`)) ?? this.#replicas ?? 1;
    // Any server answers a direct question, also one that has not heard of the last writing yet.
    return await new Kvm(this.#connection.nats).create(bucket, { history: 1, replicas, allow_direct: replicas === 1 });
  }

  async #stream(config: { readonly name: string } & Parameters<JetStreamManager['streams']['add']>[0]): Promise<void> {
    if ((await this.#copies(config.name)) !== undefined) return;
    await this.#manager.streams.add({ ...config, num_replicas: this.#replicas ?? 1 });
  }

  /** In how many copies a stream is kept, which is what was asked for; undefined where there is none. */
  async #copies(stream: string): Promise<number | undefined> {
    const known = await found(this.#manager.streams.info(stream));
    const count = known?.config.num_replicas;
    const replicas = this.#replicas;
    if (known === undefined || replicas === undefined || count === replicas) return count;
    await this.#manager.streams.update(stream, { num_replicas: replicas });
    await this.#settled(stream, replicas);
    return replicas;
  }

  /** New copies have to be made and to agree on who leads; meanwhile nobody takes what is written. */
  async #settled(stream: string, replicas: ReplicaCount): Promise<void> {
    const deadline = performance.now() + SETTLED_MS;
    while (performance.now() < deadline) {
      const { cluster } = await this.#manager.streams.info(stream);
      const others = cluster?.replicas ?? [];
      if (cluster?.leader && others.length === replicas - 1 && others.every(({ current }) => current)) return;
      await sleep(AGAIN_MS);
    }
  }
}

/** What is there; undefined where it is not. */
async function found<T>(looked: Promise<T>): Promise<T | undefined> {
  try {
    return await looked;
  } catch (error) {
    if (error instanceof JetStreamApiError && UNKNOWN.has(error.code)) return undefined;
    throw error;
  }
}
