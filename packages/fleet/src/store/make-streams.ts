import { AckPolicy, DiscardPolicy, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { nanos } from '@nats-io/transport-node';
import type { FleetConnection } from '../connection/fleet-connection.ts';

/** The one who takes jobs from the queue: all workers of a tenant share it. */
export const SCHEDULERS = 'schedulers';

/** Makes the streams and buckets of a tenant where they are not there yet. */
export async function makeStreams(connection: FleetConnection): Promise<Record<'jobs' | 'leases' | 'kept', KV>> {
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
