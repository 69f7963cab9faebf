// Who wants bots and asks after them: dispatch, status, logs, cancel. It runs none.

import { checkKeys, invalidArgument } from '@sluice/core';
import { FleetConnection } from '../connection/fleet-connection.ts';
import { FleetStore } from '../store/fleet-store.ts';
import { Fleet } from './fleet.ts';

/**
 * Opens the fleet of a tenant, to dispatch jobs and to look after them. The connection stays the caller's.
 *
 * @throws TypeError where `nats` is no connection; SluiceError `SLUICE_FLEET_JETSTREAM`, `SLUICE_FLEET_UNREACHABLE`
 * @example
 * await using fleet = await openFleet({ nats });
 * const job = await fleet.dispatch('greeter', { room: 'lobby' });
 * await job.started();
 */
export async function openFleet(options: { readonly nats: FleetConnection }): Promise<Fleet> {
  checkKeys<{ nats: FleetConnection }>('openFleet', options, { nats: true });
  if (!(options.nats instanceof FleetConnection))
    throw invalidArgument('openFleet.nats', 'what connectNats gives', options.nats);
  return new Fleet(await FleetStore.open(options.nats));
}
