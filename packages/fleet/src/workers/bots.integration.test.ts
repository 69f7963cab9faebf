import { expect, it, vi } from 'vitest';
import { connectNats } from '../connection/connect-nats.ts';
import { FleetStore } from '../store/fleet-store.ts';
import { startNats } from '../testing/start-nats.ts';
import { Bots } from './bots.ts';

it('gives back what it was about to take when it hands over', async () => {
  await using server = await startNats();
  await using nats = await connectNats({ servers: server.url });
  const store = await FleetStore.open(nats);
  const factories = {
    any: () => {
      let stop = async () => {};
      const run = () =>
        new Promise<void>((end) => {
          stop = async () => end();
        });
      return { run, stop: () => stop() };
    },
  };
  const limits = { lagMs: 5_000, cpu: 10, memoryMb: 16_000 };
  const bots = new Bots(store, 'worker-one', { nats, factories, limits }, { askToYield: async () => {} });
  const queued = { worker: null, from: null, tries: 0, losses: 0, at: Date.now(), moveFailure: null, error: null };
  await store.create({ job: 'late', factory: 'any', input: null, state: 'queued', waitMs: 60_000, ...queued });
  const change = vi.spyOn(store, 'change');
  const admitted = bots.admit('late', 'any');
  // Its claim is being written.
  await vi.waitFor(() => expect(change).toHaveBeenCalled());
  await Promise.all([admitted, bots.handOver(0)]);
  await vi.waitFor(() => expect(bots.jobs).toEqual([]));
  expect((await store.read('late'))?.record).toMatchObject({ state: 'queued', worker: null });
  bots.close();
});
