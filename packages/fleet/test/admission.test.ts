import { setTimeout as sleep } from 'node:timers/promises';
import { blockEventLoop } from '@sluice/core/testing';
import { type BotCost, type LoadLimits, openFleet, refusalOf, startWorker } from '@sluice/fleet';
import { expect, it } from 'vitest';
import { startGreedyChild } from './start-greedy-child.ts';
import { tenantsOfAServer } from './tenants-of-a-server.ts';

const connection = tenantsOfAServer();
const boundless = { lagMs: 50_000, cpu: 1000, memoryMb: 1e6 };

it('takes no more of a burst than fit, before it could measure any', async () => {
  let build = () => {};
  const built = new Promise<void>((resolve) => (build = resolve));
  const idle = async () => {
    await built;
    return { run: async () => {}, stop: async () => {} };
  };
  await using worker = await startWorker({
    nats: await connection('burst'),
    capacity: 20,
    limits: boundless,
    leaseMs: 1000,
    // Nobody takes as much, so that only what was said of them counts.
    factories: { idle: { build: idle, cost: { cpu: 300 } } },
  });
  await using fleet = await openFleet({ nats: await connection('burst') });
  const jobs = await Promise.all(Array.from({ length: 20 }, () => fleet.dispatch('idle', {})));
  const started = async () => {
    const records = await Promise.all(jobs.map((job) => job.status()));
    return records.filter(({ state }) => state !== 'queued').length;
  };
  while ((await started()) < 3) await sleep(20);
  // It measures several times, and none of them runs.
  const { revision } = await heard(fleet, () => true);
  await heard(fleet, (beat) => beat.revision > revision + 3);
  expect(worker.jobs.length).toBe(3);
  expect(await started()).toBe(3);
  const { load } = await heard(fleet, () => true);
  expect(load.begun?.cpu).toBe(900);
  expect(refusalOf(load)).toMatch(/one bot more.*1000 is its limit/);
  build();
  await Promise.all(jobs.map((job) => job.ended()));
});

/** Blocks the event loop half of the time. */
const late = () => {
  const timer = setInterval(() => blockEventLoop(60), 120);
  return { end: async () => clearInterval(timer) };
};
it.each<[string, () => Promise<Partial<LoadLimits>>, () => Promise<{ end(): Promise<void> }>, RegExp]>([
  ['its loop is late', async () => ({ lagMs: 25 }), async () => late(), /ms late/],
  ['child processes use CPU time', async () => ({ cpu: 0.15 }), () => startGreedyChild('ever', 1), /cores/],
  ['child processes use memory', async () => ({ memoryMb: await roomFor(100) }), () => startGreedyChild(0, 200), /MiB/],
])('takes no job while %s, and goes on', async (why, limits, begin, message) => {
  const tenant = why.replaceAll(' ', '-');
  const brief = () => ({ run: async () => {}, stop: async () => {} });
  await using worker = await startWorker({
    nats: await connection(tenant),
    limits: { ...boundless, ...(await limits()) },
    leaseMs: 1000,
    factories: { brief: { build: brief, cost: { lagMs: 0, cpu: 0, memoryMb: 0 } } },
  });
  const nats = await connection(tenant);
  await using fleet = await openFleet({ nats });
  const load = await begin();
  try {
    const refusing = await heard(fleet, (beat) => refusalOf(beat.load) !== undefined);
    expect(refusalOf(refusing.load)).toMatch(message);
    const job = await fleet.dispatch('brief', {});
    const asked = JSON.stringify({ ask: 'admit', job: job.name, factory: 'brief' });
    const answer = await nats.nats.request(nats.subject('workers', 'worker', worker.id), asked, { timeout: 5000 });
    expect(answer.json()).toMatchObject({ status: 'refused' });
    expect((await job.status()).state).toBe('queued');
    await load.end();
    await job.ended();
  } finally {
    await load.end();
  }
});

it.each([
  [{ cost: { cpus: 1 } }, /cost.*cpus/],
  [{ cost: { cpu: -1 } }, /factories.idle.cost.cpu/],
  [{ cost: { memoryMb: Number.NaN } }, /a number from 0/],
])('refuses the cost of a factory in %o', async (odd, message) => {
  const factories = { idle: { build: () => idleBot, ...(odd as { cost: BotCost }) } };
  await expect(startWorker({ nats: await connection('odd'), factories })).rejects.toThrow(message);
});

/** The first beat that is meant, of the only worker. */
async function heard(fleet: Awaited<ReturnType<typeof openFleet>>, isMeant: (beat: Beat) => boolean): Promise<Beat> {
  for (;;) {
    const beat = fleet.workers.find(isMeant);
    if (beat !== undefined) return beat;
    await sleep(20);
  }
}
type Beat = Awaited<ReturnType<typeof openFleet>>['workers'][number];

/** So much more than a worker without bots uses here, in MiB. */
async function roomFor(more: number): Promise<number> {
  await using worker = await startWorker({ nats: await connection('room'), factories: { none: () => idleBot } });
  await using fleet = await openFleet({ nats: await connection('room') });
  const { load } = await heard(fleet, ({ worker: id }) => id === worker.id);
  return load.memoryMb + more;
}
const idleBot = { run: async () => {}, stop: async () => {} };
