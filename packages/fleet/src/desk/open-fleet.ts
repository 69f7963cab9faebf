// Who wants bots and asks after them: dispatch, status, logs, cancel. It runs none.

import { checkKeys, invalidArgument } from '@sluice/core';
import { FleetConnection } from '../connection/fleet-connection.ts';
import { FleetStore } from '../store/fleet-store.ts';
import { checkReplicas, type ReplicaCount } from '../store/make-streams.ts';
import { Fleet } from './fleet.ts';

/** Whose fleet is opened. */
export interface OpenFleetOptions {
  /** Closing it is the caller's. */
  readonly nats: FleetConnection;
  /** As that of `startWorker`. */
  readonly replicas?: ReplicaCount;
}

/**
 * Opens the fleet of a tenant, to dispatch jobs and to look after them. The connection stays the caller's.
 *
 * @throws TypeError where `nats` is no connection; SluiceError `SLUICE_FLEET_JETSTREAM`, `SLUICE_FLEET_REPLICAS`,
 *   `SLUICE_FLEET_UNREACHABLE`
 * @example
 * await using fleet = await openFleet({ nats });
 * const job = await fleet.dispatch('greeter', { room: 'lobby' });
 * await job.started();
 */
export async function openFleet(options: OpenFleetOptions): Promise<Fleet> {
  checkKeys<OpenFleetOptions>('openFleet', options, { nats: true, replicas: true });
  if (!(options.nats instanceof FleetConnection))
    throw invalidArgument('openFleet.nats', 'what connectNats gives', options.nats);
  checkReplicas('openFleet.replicas', options.replicas);
  const fleet = new Fleet(await FleetStore.open(options.nats, options.replicas));
  try {
    await fleet.begin();
  } catch (error) {
    await fleet.close();
    throw error;
  }
  return fleet;
}
