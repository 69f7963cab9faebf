import { connectNats, type FleetConnection } from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import { afterAll, beforeAll } from 'vitest';

/** One server for all tests of a file, with a tenant for each of them. Returns what connects as a tenant, until the last test is over. */
export function tenantsOfAServer(): (tenant: string) => Promise<FleetConnection> {
  let server: LocalNats;
  const connections: FleetConnection[] = [];
  beforeAll(async () => {
    server = await startNats();
  });
  afterAll(async () => {
    for (const one of connections) await one.close();
    await server?.close();
  });
  return async (tenant) => {
    const nats = await connectNats({ servers: server.url, tenant });
    connections.push(nats);
    return nats;
  };
}
