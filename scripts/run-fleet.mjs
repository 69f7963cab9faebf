// Workers, bots and load of a fleet, each second: npm run fleet -- [--servers nats://127.0.0.1:4222] [--tenant main]
// [--user name] [--password-file path | --token-file path | --nkey-file path | --creds-file path] [--ca path]
// [--cert path --key path] [--once] [--page]. Off a terminal the tables stand one below the other; with --page a
// page of the inspector shows the same, at the address below the table.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectNats, fleetTable, openFleet } from '../packages/fleet/dist/index.js';
import { inspector } from '../packages/inspector/dist/index.js';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => ending.abort());
// Whoever reads the tables may have gone.
process.stdout.once('error', () => ending.abort());
try {
  const { values } = parseArgs({
    options: {
      servers: { type: 'string' },
      tenant: { type: 'string' },
      user: { type: 'string' },
      'password-file': { type: 'string' },
      'token-file': { type: 'string' },
      'nkey-file': { type: 'string' },
      'creds-file': { type: 'string' },
      ca: { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
      once: { type: 'boolean' },
      page: { type: 'boolean' },
    },
  });
  const { once = false, page = false } = values;
  const texts = (names, suffix = '') =>
    Object.fromEntries(
      names
        .filter((name) => values[name + suffix] !== undefined)
        .map((name) => [name, readFileSync(values[name + suffix], 'utf8').trim()]),
    );
  const place = Object.fromEntries(
    Object.entries(values).filter(([name]) => ['servers', 'tenant', 'user'].includes(name)),
  );
  const tls = texts(['ca', 'cert', 'key']);
  const nats = await connectNats({
    ...place,
    ...texts(['password', 'token', 'nkey', 'creds'], '-file'),
    ...(Object.keys(tls).length > 0 && { tls }),
  });
  nats.onFault((fault) => console.error(fault.message));
  const fleet = await openFleet({ nats });
  const open = page ? await inspector([]) : undefined;
  open?.addFleet(fleet, { name: place.tenant ?? 'main' });
  if (open !== undefined && !process.stdout.isTTY) console.log(open.url);
  do {
    // The first beats come within half a second.
    await sleep(1000, undefined, { signal: ending.signal }).catch(() => {});
    if (ending.signal.aborted) break;
    const table = nats.connected ? fleetTable(fleet.workers, await fleet.jobs()) : 'NATS is away';
    const below = open !== undefined && process.stdout.isTTY ? `\n${open.url}` : '';
    console.log(process.stdout.isTTY && !once ? `\u001b[2J\u001b[H${table}${below}` : table);
  } while (!once);
  await open?.close();
  await fleet.close();
  await nats.close();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
