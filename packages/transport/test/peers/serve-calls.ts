// Serves calls one after another and tells, after so many each, how many threads and descriptors it has.
import { readdirSync } from 'node:fs';
import { createInProcessHost } from '../../src/host/engine/in-process-host.ts';
import { linkConnections } from '../linked-connections.ts';
import { until } from '../until.ts';

const host = createInProcessHost();

/** Without a track: sources keep the engine's threads as well, until they are collected. */
async function call(): Promise<void> {
  const link = linkConnections(host);
  const connected = new Set<unknown>();
  for (const side of [link.a, link.b]) side.on('state', (state) => state === 'connected' && connected.add(side));
  await link.negotiate();
  await until(() => connected.size === 2);
  link.close();
}

const count = (of: 'task' | 'fd') => readdirSync(`/proc/self/${of}`).length;
for (const calls of process.argv.slice(2).map(Number)) {
  for (let served = 0; served < calls; served++) await call();
  process.stdout.write(`${JSON.stringify({ threads: count('task'), descriptors: count('fd') })}\n`);
}
await host.close();
process.exit(0);
