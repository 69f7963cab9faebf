import { setTimeout as sleep } from 'node:timers/promises';
import { connectNats, type FleetConnection, type FleetWorker, openFleet, startWorker } from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { countingBot } from './counting-bot.mjs';

const leaseMs = 250;
let server: LocalNats;
const connections: FleetConnection[] = [];
const workers: FleetWorker[] = [];
const connection = async () => {
  const nats = await connectNats({ servers: server.url });
  connections.push(nats);
  return nats;
};
/** What all bots say, in order. */
const said: { readonly worker: string; readonly job: string; readonly n: number }[] = [];
beforeAll(async () => {
  server = await startNats();
  for (const name of ['a', 'b', 'c']) {
    const counting = countingBot((one: { job: string; n: number }) => said.push({ worker: name, ...one }));
    const limits = { lagMs: 5000, cpu: 10, memoryMb: 16_000 };
    workers.push(await startWorker({ nats: await connection(), name, leaseMs, limits, factories: { counting } }));
  }
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  await Promise.all(connections.map((one) => one.close()));
  await server?.close();
});

it('goes on where it is while NATS is away for ten leases, and nothing moves when it is back', async () => {
  await using fleet = await openFleet({ nats: await connection() });
  const names = ['one', 'two', 'three'];
  const jobs = await Promise.all(names.map((job) => fleet.dispatch('counting', {}, { job })));
  const before = await Promise.all(jobs.map((job) => job.started()));
  const wordsOf = (job: string) => said.filter((one) => one.job === job);
  await vi.waitFor(() => expect(names.every((job) => wordsOf(job).length >= 3)).toBe(true));

  await server.kill();
  const at = names.map((job) => wordsOf(job).length);
  await sleep(10 * leaseMs);
  for (const [i, job] of names.entries()) expect(wordsOf(job).length).toBeGreaterThan(at[i]! + 20);
  await expect(fleet.dispatch('counting', {}, { job: 'meanwhile' })).rejects.toMatchObject({
    code: 'SLUICE_FLEET_UNREACHABLE',
  });
  const asked = fleet.dispatch('counting', {}, { job: 'after' });
  await server.restart();

  // What was asked while it was away is done when it is back.
  const later = await (await asked).started();
  expect(later.state).toBe('running');
  // Longer than anybody has for the first word.
  await sleep(2 * leaseMs);
  expect(await Promise.all(jobs.map((job) => job.status()))).toEqual(before);
  for (const job of names) {
    expect(new Set(wordsOf(job).map(({ worker }) => worker)).size).toBe(1);
    expect(wordsOf(job).every(({ n }, i) => n === i + 1)).toBe(true);
  }
  expect(fleet.workers.length).toBe(3);
});
