import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe } from 'vitest';
import { connectNats, type FleetConnection } from '../src/index.ts';
import { natsWire } from '../src/links/nats-wire.ts';
import { type LocalNats, startNats } from '../src/testing/index.ts';
import { MemoryNetwork } from './memory-wire.ts';
import { remoteLinkContract } from './remote-link-contract.ts';

async function until(is: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !is(); tries++) {
    if (tries > 2_000) throw new Error(`it never came to it that ${what}`);
    await sleep(5);
  }
}

describe('remote links over NATS', () => {
  let server: LocalNats;
  let connections: FleetConnection[];
  beforeAll(async () => {
    server = await startNats({ jetStream: false });
    connections = await Promise.all([connectNats({ servers: server.url }), connectNats({ servers: server.url })]);
  });
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await server.close();
  });
  remoteLinkContract(() => ({ far: natsWire(connections[0]!), near: natsWire(connections[1]!), until }));
});

describe('remote links in one process', () => {
  remoteLinkContract(() => {
    const { wire } = new MemoryNetwork();
    return { far: wire, near: wire, until };
  });
});
