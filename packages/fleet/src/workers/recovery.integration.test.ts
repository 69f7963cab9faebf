import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { connectNats } from '../connection/connect-nats.ts';
import type { FleetConnection } from '../connection/fleet-connection.ts';
import { LeaseAges } from '../leases/lease-ages.ts';
import { FleetStore } from '../store/fleet-store.ts';
import type { JobRecord } from '../store/job-record.ts';
import { type LocalNats, startNats } from '../testing/start-nats.ts';
import { Recovery } from './recovery.ts';

let server: LocalNats;
let nats: FleetConnection;
let store: FleetStore;
beforeAll(async () => {
  server = await startNats();
  nats = await connectNats({ servers: server.url });
  store = await FleetStore.open(nats);
});
afterAll(async () => {
  await nats?.close();
  await server?.close();
});

const record = (job: string, change: Partial<JobRecord>): JobRecord => ({
  job,
  factory: 'any',
  input: null,
  state: 'running',
  worker: 'dead',
  from: null,
  tries: 1,
  losses: 0,
  at: Date.now(),
  waitMs: 60_000,
  moveFailure: null,
  error: null,
  ...change,
});
/** As it would be so much later, by the clock of the server. */
const sweep = (laterMs = 0) =>
  new Recovery(store, new LeaseAges(), { now: async () => Date.now() + laterMs }).sweep(new Set(['living']));
const stateOf = async (job: string) => (await store.read(job))?.record;

it('queues the jobs of workers that are not there, and those alone', async () => {
  await store.create(record('theirs', { worker: 'living' }));
  await store.create(record('orphan', {}));
  await sweep();
  expect(await stateOf('orphan')).toMatchObject({ state: 'queued', worker: null, losses: 1 });
  expect(await stateOf('theirs')).toMatchObject({ state: 'running', worker: 'living' });
});

it('gives away nothing of a worker that was never heard while it has its lease, and all of it when that is old', async () => {
  const ages = new LeaseAges();
  const recovery = new Recovery(store, ages, { now: async () => Date.now() });
  await store.leases.put('unheard', 'held');
  await store.create(record('of-unheard', { worker: 'unheard' }));
  await recovery.sweep(new Set(['living']));
  expect(await stateOf('of-unheard')).toMatchObject({ state: 'running', worker: 'unheard' });
  // It has written its lease meanwhile: it lives.
  await store.leases.put('unheard', 'held');
  for (let step = 0; step < 8; step++) await recovery.of(ages.step(250));
  expect(await stateOf('of-unheard')).toMatchObject({ state: 'running', worker: 'unheard' });
  for (let step = 0; step < 8; step++) await recovery.of(ages.step(250));
  expect(await stateOf('of-unheard')).toMatchObject({ state: 'queued', worker: null, losses: 1 });
  expect(ages.revisionOf('unheard')).toBeUndefined();
});

it('finds a worker that died before anybody had heard it by its lease', async () => {
  const ages = new LeaseAges();
  const recovery = new Recovery(store, ages, { now: async () => Date.now() });
  await store.leases.put('newcomer', 'held');
  await store.leases.put('left', 'held');
  await store.leases.purge('left');
  await store.create(record('of-newcomer', { worker: 'newcomer' }));
  await recovery.meet();
  expect([ages.revisionOf('newcomer'), ages.revisionOf('left')]).toEqual([expect.any(Number), undefined]);
  const reads = vi.spyOn(store.leases, 'get');
  await recovery.meet();
  expect(reads).not.toHaveBeenCalled();
  reads.mockRestore();
  for (let step = 0; step < 7; step++) await recovery.of(ages.step(250));
  expect(await stateOf('of-newcomer')).toMatchObject({ state: 'running', worker: 'newcomer' });
  await recovery.of(ages.step(250));
  expect(await stateOf('of-newcomer')).toMatchObject({ state: 'queued', worker: null, losses: 1 });
});

it('reads all jobs once for all workers that died in the same moment, and gives none of them away twice', async () => {
  const load = { bots: 1, capacity: 2, lagMs: 0, cpu: 0, memoryMb: 0, limits: { lagMs: 1, cpu: 1, memoryMb: 1 } };
  const workers = ['rack-a', 'rack-b', 'rack-c'];
  const revisions = await Promise.all(workers.map((worker) => store.leases.put(worker, 'held')));
  for (const worker of workers) await store.create(record(`of-${worker}`, { worker }));
  // Its words were lost, and its lease is written.
  await store.leases.put('rack-c', 'held');
  /** One who heard all of them last before that. */
  const recover = () => {
    const ages = new LeaseAges();
    for (const [n, worker] of workers.entries())
      ages.heard({ worker, revision: revisions[n]!, leaseMs: 2_000, factories: ['any'], load, draining: false });
    return new Recovery(store, ages, { now: async () => Date.now() }).of(workers);
  };
  const reads = vi.spyOn(store, 'all');
  await recover();
  expect(reads).toHaveBeenCalledTimes(1);
  await Promise.all([recover(), recover()]);
  expect(reads).toHaveBeenCalledTimes(1);
  reads.mockRestore();
  for (const job of ['of-rack-a', 'of-rack-b'])
    expect(await stateOf(job)).toMatchObject({ state: 'queued', worker: null, losses: 1 });
  expect(await stateOf('of-rack-c')).toMatchObject({ state: 'running', worker: 'rack-c', losses: 0 });
});

it.each([
  ['of', 'its lease was old'],
  ['sweep', 'nobody had its lease'],
] as const)('leaves its jobs to a worker that comes back while they are read (%s: %s)', async (how, _because) => {
  const worker = `back-${how}`;
  const ages = new LeaseAges();
  const recovery = new Recovery(store, ages, { now: async () => Date.now() });
  await store.create(record(`of-${worker}`, { worker }));
  if (how === 'of') ages.written(worker, await store.leases.put(worker, 'held'));
  const all = store.all.bind(store);
  const reads = vi.spyOn(store, 'all').mockImplementation(async function* () {
    yield* all();
    await store.leases.put(worker, 'held');
  });
  await (how === 'of' ? recovery.of([worker]) : recovery.sweep(new Set(['living'])));
  expect(reads).toHaveBeenCalledTimes(1);
  reads.mockRestore();
  expect(await stateOf(`of-${worker}`)).toMatchObject({ state: 'running', worker, losses: 0 });
});

it('takes a job for what kills workers when three died with it', async () => {
  await store.create(record('poison', { losses: 2 }));
  await sweep();
  expect(await stateOf('poison')).toMatchObject({ state: 'failed', error: { code: 'SLUICE_JOB_LOST' } });
  await store.create(record('innocent', { losses: 2 }));
  await sweep(120_000);
  expect(await stateOf('innocent')).toMatchObject({ state: 'queued', losses: 1 });
});

it('queues again what was never said to wait, and forgets what was done long ago', async () => {
  await store.create(record('unsaid', { state: 'queued', worker: null }));
  await store.create(record('old', { state: 'ended', worker: null }));
  // The clock of whoever wrote it has no part in it.
  await store.create(record('fresh', { state: 'ended', worker: null, at: Date.now() - 7200_000 }));
  await sweep();
  expect(await stateOf('fresh')).toBeDefined();
  const before = (await (await store.js.streams.get('main-queue')).info()).state.messages;
  await sweep(7200_000);
  expect((await (await store.js.streams.get('main-queue')).info()).state.messages).toBeGreaterThan(before);
  expect(await stateOf('old')).toBeUndefined();
});

it('lets nobody change what somebody else changed first', async () => {
  const held = (await store.create(record('shared', {})))!;
  const [first, second] = await Promise.all([store.change(held, { tries: 2 }), store.change(held, { tries: 3 })]);
  expect([first, second].filter((one) => one !== undefined).length).toBe(1);
  expect(await store.create(record('shared', {}))).toBeUndefined();
});
