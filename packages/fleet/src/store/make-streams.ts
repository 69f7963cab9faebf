import { setTimeout as sleep } from 'node:timers/promises';
import { AckPolicy, DiscardPolicy, JetStreamApiError, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { nanos } from '@nats-io/transport-node';
import type { FleetConnection } from '../connection/fleet-connection.ts';

/** The one who takes jobs from the queue: all workers of a tenant share it. */
export const SCHEDULERS = 'schedulers';

/** The server's code for a subject that belongs to a stream which is there, or is being made. */
const OVERLAPS = 10_065;
const AGAIN_MS = 50;
const MOST_TRIES = 20;

type Buckets = Record<'jobs' | 'leases' | 'kept', KV>;

/**
 * Makes the streams and buckets of a tenant where they are not there yet. Of several who do that at once the server refuses some for what
 * the others are making: they look again.
 */
export async function makeStreams(connection: FleetConnection): Promise<Buckets> {
  for (let tries = 1; ; tries++) {
    try {
      return await makeAll(connection);
    } catch (error) {
      if (tries === MOST_TRIES || !(error instanceof JetStreamApiError) || error.code !== OVERLAPS) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

async function makeAll(connection: FleetConnection): Promise<Buckets> {
  const { nats, tenant } = connection;
  const manager = await jetstreamManager(nats);
  const queue = `${tenant}-queue`;
  await manager.streams.add({
    name: queue,
    subjects: [connection.subject('queue', '*')],
    retention: RetentionPolicy.Workqueue,
    duplicate_window: nanos(10_000),
  });
  await manager.consumers.add(queue, {
    durable_name: SCHEDULERS,
    ack_policy: AckPolicy.Explicit,
    // Who took a job and died is waited for no longer than this.
    ack_wait: nanos(3000),
    // Those that nobody has room for wait here, and must not keep others from being looked at.
    max_ack_pending: -1,
  });
  await manager.streams.add({
    name: `${tenant}-logs`,
    subjects: [connection.subject('logs', '*')],
    max_msgs_per_subject: 500,
    max_age: nanos(24 * 3600 * 1000),
    max_bytes: 64 * 1024 * 1024,
    discard: DiscardPolicy.Old,
  });
  const kvm = new Kvm(nats);
  const [jobs, leases, kept] = await Promise.all(
    ['jobs', 'leases', 'kept'].map((name) => kvm.create(`${tenant}-${name}`, { history: 1 })),
  );
  return { jobs: jobs!, leases: leases!, kept: kept! };
}
