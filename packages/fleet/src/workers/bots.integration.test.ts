import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { connectNats } from '../connection/connect-nats.ts';
import type { FleetConnection } from '../connection/fleet-connection.ts';
import { FleetStore } from '../store/fleet-store.ts';
import type { JobState } from '../store/job-record.ts';
import { type LocalNats, startNats } from '../testing/start-nats.ts';
import { Bots } from './bots.ts';

let server: LocalNats;
let nats: FleetConnection;
beforeAll(async () => {
  server = await startNats();
  nats = await connectNats({ servers: server.url });
});
afterAll(async () => {
  await nats?.close();
  await server?.close();
});

const any = () => {
  let stop = async () => {};
  const run = () =>
    new Promise<void>((end) => {
      stop = async () => end();
    });
  return { run, stop: () => stop() };
};

/** A worker that takes a job, and how the server's answer to a writing of it is held back. */
async function taking(job: string) {
  const store = await FleetStore.open(nats);
  const limits = { lagMs: 5_000, cpu: 10, memoryMb: 16_000 };
  const options = { nats, factories: { any }, limits };
  const bots = new Bots(store, 'worker-one', options, { askToYield: async () => {} });
  const queued = { worker: null, from: null, tries: 0, losses: 0, at: Date.now(), moveFailure: null, error: null };
  await store.create({ job, factory: 'any', input: null, state: 'queued', waitMs: 60_000, ...queued });
  /** Resolves when it is written, which nobody else knows before `answer()`. */
  const written = (state: JobState) =>
    new Promise<{ readonly answer: () => void }>((resolve) => {
      const change = store.change.bind(store);
      vi.spyOn(store, 'change').mockImplementation(async (held, to) => {
        const changed = await change(held, to);
        if (to.state === state) await new Promise<void>((answer) => resolve({ answer }));
        return changed;
      });
    });
  return { store, bots, written };
}

it.each([
  ['starting', 'what it was about to take'],
  ['running', 'what began to run in the same moment'],
] as const)('gives back, while %s is being written, %s', async (state, _what) => {
  const { store, bots, written } = await taking(`late-${state}`);
  const writing = written(state);
  const admitted = bots.admit(`late-${state}`, 'any');
  const { answer } = await writing;
  const handedOver = bots.handOver(0);
  // What it asks the server for at once has an answer before this one.
  await setImmediate();
  await store.read(`late-${state}`);
  answer();
  await Promise.all([admitted, handedOver]);
  await vi.waitFor(() => expect(bots.jobs).toEqual([]));
  expect((await store.read(`late-${state}`))?.record).toMatchObject({ state: 'queued', worker: null });
  bots.close();
});

it('gives back what it has taken after it was waited for', async () => {
  const { store, bots, written } = await taking('later');
  const writing = written('starting');
  const admitted = bots.admit('later', 'any');
  const { answer } = await writing;
  await bots.handOver(0);
  answer();
  expect(await admitted).toBe('refused');
  expect(bots.jobs).toEqual([]);
  expect((await store.read('later'))?.record).toMatchObject({ state: 'queued', worker: null });
  bots.close();
});

it('keeps its jobs behind a new lease from who read them before, and ends those that others have', async () => {
  const { store, bots } = await taking('kept');
  await store.create({ ...(await store.read('kept'))!.record, job: 'given-away' });
  for (const job of ['kept', 'given-away']) await bots.admit(job, 'any');
  await vi.waitFor(async () => {
    for (const job of ['kept', 'given-away']) expect((await store.read(job))?.record.state).toBe('running');
  });
  const [kept, givenAway] = await Promise.all([store.read('kept'), store.read('given-away')]);
  const away = { state: 'queued', worker: null } as const;
  await store.change(givenAway!, away);
  await bots.confirm();
  expect(await store.change(kept!, away)).toBeUndefined();
  await vi.waitFor(() => expect(bots.jobs).toEqual(['kept']));
  expect((await store.read('kept'))?.record).toMatchObject({ state: 'running', worker: 'worker-one' });
  await bots.handOver(0);
  bots.close();
});
