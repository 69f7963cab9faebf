import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats, type FleetConnection, openFleet, startWorker } from '@sluice/fleet';
import { freePort, type LocalNats, startNats } from '@sluice/fleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

const servers: LocalNats[] = [];
const connections: FleetConnection[] = [];
const connection = async (tenant: string) => {
  const nats = await connectNats({ servers: servers.map(({ url }) => url), tenant });
  connections.push(nats);
  return nats;
};
beforeAll(async () => {
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const started = ports.map((port, index) => startNats({ member: { name: `n${index}`, port, ports } }));
  servers.push(...(await Promise.all(started)));
  await ready(await connection('any'));
});
afterAll(async () => {
  for (const one of connections) await one.close();
  await Promise.all(servers.map((server) => server.close()));
});
const limits = { lagMs: 5_000, cpu: 10, memoryMb: 16_000 };
const brief = () => ({ run: async () => {}, stop: async () => {} });

/** Resolves when the servers have found each other: until then nobody answers, or says that there is no leader. */
async function ready(nats: FleetConnection): Promise<void> {
  for (;;) {
    const answer = await nats.nats.request('$JS.API.INFO', '', { timeout: 150 }).catch(() => undefined);
    if (answer !== undefined && !('error' in answer.json<object>())) return;
    await sleep(50);
  }
}

async function copiesOf(nats: FleetConnection): Promise<readonly number[]> {
  const streams = await (await jetstreamManager(nats.nats)).streams.list().next();
  const own = streams.filter(({ config }) => config.name.includes(`${nats.tenant}-`));
  return own.map(({ config, cluster }) =>
    config.num_replicas === 1 + (cluster?.replicas?.length ?? 0) ? config.num_replicas : 0,
  );
}

it('keeps all of a fleet in three copies, and those of a fleet that had one', async () => {
  const nats = await connection('safe');
  await using fleet = await openFleet({ nats, replicas: 3 });
  expect(await copiesOf(nats)).toEqual([3, 3, 3, 3, 3]);
  await using _ = await startWorker({ nats, limits, factories: { brief } });
  const jobs = await Promise.all(Array.from({ length: 10 }, () => fleet.dispatch('brief', {})));
  for (const job of jobs) expect((await job.ended()).state).toBe('ended');
  // Who says nothing leaves it so.
  expect(await copiesOf(nats)).toEqual([3, 3, 3, 3, 3]);

  const other = await connection('grown');
  await (await openFleet({ nats: other })).close();
  expect(await copiesOf(other)).toEqual([1, 1, 1, 1, 1]);
  await using grown = await openFleet({ nats: other, replicas: 3 });
  await using __ = await startWorker({ nats: other, limits, factories: { brief } });
  expect((await (await grown.dispatch('brief', {})).ended()).state).toBe('ended');
  expect(await copiesOf(other)).toEqual([3, 3, 3, 3, 3]);
});

it('says that there are too few servers, and which numbers there are', async () => {
  const nats = await connection('many');
  await expect(openFleet({ nats, replicas: 5 })).rejects.toMatchObject({ code: 'SLUICE_FLEET_REPLICAS' });
  for (const replicas of [0, 2, 4, '3']) {
    await expect(openFleet({ nats, replicas: replicas as 3 })).rejects.toThrow(/1, 3 or 5/);
    await expect(startWorker({ nats, factories: { brief }, replicas: replicas as 3 })).rejects.toThrow(/1, 3 or 5/);
  }
  await using alone = await startNats();
  await using lonely = await connectNats({ servers: alone.url });
  await expect(openFleet({ nats: lonely, replicas: 3 })).rejects.toMatchObject({ code: 'SLUICE_FLEET_REPLICAS' });
});
