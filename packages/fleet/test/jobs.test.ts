import { setTimeout as sleep } from 'node:timers/promises';
import type { KV } from '@nats-io/kv';
import { type BotContext, connectNats, openFleet, startWorker } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import { describe, expect, it, vi } from 'vitest';
import { Fleet } from '../src/desk/fleet.ts';
import { FleetStore } from '../src/store/fleet-store.ts';
import { countingBot } from './counting-bot.mjs';
import { tenantsOfAServer } from './tenants-of-a-server.ts';

const connection = tenantsOfAServer();
const limits = { lagMs: 5000, cpu: 10, memoryMb: 16_000 };

describe('a fleet', () => {
  it('gives each of many jobs to one worker, and none more than it takes', async () => {
    const running = new Map<string, number>();
    const counting = countingBot(({ job, n }: { job: string; n: number }) => running.set(job, n));
    const workers = await Promise.all(
      ['a', 'b', 'c'].map(async (name) =>
        startWorker({ nats: await connection('many'), name, capacity: 4, limits, factories: { counting } }),
      ),
    );
    await using fleet = await openFleet({ nats: await connection('many') });
    const jobs = await Promise.all(Array.from({ length: 12 }, () => fleet.dispatch('counting', {})));
    await Promise.all(jobs.map((job) => job.started()));
    expect(workers.map(({ jobs: own }) => own.length)).toEqual([4, 4, 4]);
    await vi.waitFor(() => expect(running.size).toBe(12));
    // The thirteenth waits until there is room.
    const late = await fleet.dispatch('counting', {}, { job: 'late' });
    expect((await late.status()).state).toBe('queued');
    await jobs[0]!.cancel();
    await late.started();
    expect(await jobs[0]!.status()).toMatchObject({ state: 'cancelled' });
    await expect(fleet.dispatch('counting', {}, { job: 'late' })).rejects.toMatchObject({ code: 'SLUICE_JOB_TAKEN' });
    await late.cancel();
    await (await fleet.dispatch('counting', {}, { job: 'late' })).started();
    await vi.waitFor(() => expect(fleet.workers.length).toBe(3));
    expect((await fleet.jobs()).filter(({ state }) => state === 'running').length).toBe(12);
    await Promise.all(workers.map((worker) => worker.close()));
  });

  it('gives a name to one of two who ask at once, and its bot begins anew', async () => {
    const nats = await connection('two');
    const found: unknown[] = [];
    const worker = await startWorker({
      nats,
      limits,
      factories: {
        keeping: ({ keep, kept }) => ({
          run: async () => {
            found.push(await kept());
            keep('said');
          },
          stop: async () => {},
        }),
      },
    });
    await using first = await openFleet({ nats });
    await using second = await openFleet({ nats: await connection('two') });
    const ask = (fleet: Fleet) => fleet.dispatch('keeping', {}, { job: 'one' });
    for (let round = 0; round < 3; round++) {
      const asked = await Promise.allSettled([ask(first), ask(second)]);
      expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(asked.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'SLUICE_JOB_TAKEN' } });
      await first.job('one').ended();
    }
    expect(found).toEqual([undefined, undefined, undefined]);
    await worker.close();
  });

  it('gives a job back at once whose record cannot be read, and does it when it can', async () => {
    const nats = await connection('late');
    const given: string[] = [];
    nats.nats.subscribe('$JS.EVENT.ADVISORY.CONSUMER.MSG_NAKED.late-queue.*', {
      callback: (_, message) => void given.push(message.subject),
    });
    const brief = () => ({ run: async () => {}, stop: async () => {} });
    await using fleet = await openFleet({ nats });
    const job = await fleet.dispatch('brief', {});
    const read = vi.spyOn(FleetStore.prototype, 'read').mockRejectedValueOnce(new Error('not yet'));
    const worker = await startWorker({ nats, limits, factories: { brief } });
    await vi.waitFor(() => expect(given).toHaveLength(1));
    expect((await job.ended()).state).toBe('ended');
    read.mockRestore();
    await worker.close();
  });

  it('does a job whose claim was written although the answer was lost, once', async () => {
    const nats = await connection('unsure');
    let runs = 0;
    const brief = () => ({ run: async () => void runs++, stop: async () => {} });
    const worker = await startWorker({ nats, limits, capacity: 1, factories: { brief } });
    await using fleet = await openFleet({ nats });
    const { change } = FleetStore.prototype;
    const lost = vi.spyOn(FleetStore.prototype, 'change').mockImplementationOnce(async function (
      this: FleetStore,
      ...of
    ) {
      await change.apply(this, of);
      throw new Error('it went before it answered');
    });
    const job = await fleet.dispatch('brief', {});
    expect(await job.ended()).toMatchObject({ state: 'ended', tries: 1 });
    // One whose claim was not written is done as well.
    lost.mockRejectedValueOnce(new Error('it went before it was asked'));
    const next = await fleet.dispatch('brief', {});
    expect(await next.ended()).toMatchObject({ state: 'ended', tries: 1 });
    expect(runs).toBe(2);
    lost.mockRestore();
    await worker.close();
  });

  it('says what is wrong with a factory', async () => {
    const worker = await startWorker({
      nats: await connection('bad'),
      limits,
      startMs: 300,
      factories: {
        throwing: () => {
          // Longer than what NATS takes in one message.
          throw new Error(`no such room ${'x'.repeat(2_000_000)}`);
        },
        stuck: () => new Promise<never>(() => {}),
        failing: () => ({ run: () => Promise.reject(new Error('it fell')), stop: async () => {} }),
        greedy: ({ keep }) => ({ run: async () => keep('x'.repeat(300_000)), stop: async () => {} }),
        nothing: () => undefined as never,
        done: ({ input }: { input: { say: string } }) => ({
          run: async () => expect(input.say).toBe('hello'),
          stop: async () => {},
        }),
      },
    });
    await using fleet = await openFleet({ nats: await connection('bad') });
    const failureOf = async (factory: string, waitMs?: number) => {
      const job = await fleet.dispatch(factory, {}, { ...(waitMs === undefined ? {} : { waitMs }) });
      return await job.ended().catch((error: unknown) => error);
    };
    expect(await failureOf('throwing')).toMatchObject({
      code: 'SLUICE_JOB_FAILED',
      message: expect.stringMatching(/no such room/),
    });
    expect(await failureOf('failing')).toMatchObject({
      code: 'SLUICE_JOB_FAILED',
      message: expect.stringMatching(/it fell/),
    });
    expect(await failureOf('nothing')).toMatchObject({
      code: 'SLUICE_JOB_FAILED',
      message: expect.stringMatching(
        /what the factory nothing gave is no bot; expected .*run\(\) and stop\(\); received undefined/,
      ),
    });
    expect(await failureOf('stuck')).toMatchObject({ code: 'SLUICE_JOB_STUCK' });
    expect(await failureOf('greedy')).toMatchObject({ code: 'SLUICE_JOB_QUOTA' });
    expect(await failureOf('unheard-of', 500)).toMatchObject({
      code: 'SLUICE_JOB_UNPLACED',
      message: expect.stringMatching(/no worker that offers/),
    });
    const done = await fleet.dispatch('done', { say: 'hello' });
    expect(await done.ended()).toMatchObject({ state: 'ended', worker: null, error: null });
    await expect(fleet.job('other').status()).rejects.toMatchObject({ code: 'SLUICE_JOB_UNKNOWN' });
    await expect(fleet.dispatch('done', 'x'.repeat(70_000))).rejects.toMatchObject({ code: 'SLUICE_JOB_QUOTA' });
    await expect(fleet.dispatch('a.b', {})).rejects.toThrow(/letters, digits/);
    // That it has ended is told before the worker has let go of it.
    await vi.waitFor(() => expect(worker.jobs).toEqual([]));
    await worker.close();
  });

  it('says that the server runs without JetStream', async () => {
    await using plain = await startNats({ jetStream: false });
    await using nats = await connectNats({ servers: plain.url });
    await expect(openFleet({ nats })).rejects.toMatchObject({ code: 'SLUICE_FLEET_JETSTREAM' });
  });
});

it('of two who dispatch at once the late one takes nothing from the bot of the first', async () => {
  const nats = await connection('late');
  const store = await FleetStore.open(nats);
  await using fleet = new Fleet(store);
  const keeping = ({ keep }: BotContext) => ({ run: async () => keep('said'), stop: async () => {} });
  const worker = await startWorker({ nats, limits, factories: { keeping } });
  const done = async () => (await fleet.dispatch('keeping', {}, { job: 'one' })).ended();
  await done();
  const seen = await store.read('one');
  await done();
  // It read before the first one wrote: a store of its own has nothing else that a dispatch asks for.
  const { connection: way, kept } = store;
  const [reach, change] = [store.reach.bind(store), store.change.bind(store)];
  const late = { connection: way, kept, reach, read: async () => seen, change };
  await using second = new Fleet(late as unknown as FleetStore);
  await expect(second.dispatch('keeping', {}, { job: 'one' })).rejects.toMatchObject({ code: 'SLUICE_JOB_TAKEN' });
  expect((await kept.get('one'))?.json()).toMatchObject({ value: 'said' });
  await worker.close();
});

it('says that a job is over when what its bot kept is written', async () => {
  const nats = await connection('slow');
  const { kept } = await FleetStore.open(nats);
  const buckets = Object.getPrototypeOf(kept) as KV;
  const { create } = buckets;
  const slow = vi.spyOn(buckets, 'create').mockImplementation(async function (this: KV, key, value, ...rest) {
    if (`${value}`.includes('said')) await sleep(100);
    return create.call(this, key, value, ...rest);
  });
  const keeping = ({ keep }: BotContext) => ({ run: async () => keep('said'), stop: async () => {} });
  const failing = ({ keep }: BotContext) => ({
    run: async () => {
      keep('said');
      throw new Error('over');
    },
    stop: async () => {},
  });
  const worker = await startWorker({ nats, limits, factories: { keeping, failing } });
  await using fleet = await openFleet({ nats });
  for (const factory of ['keeping', 'failing']) {
    await (await fleet.dispatch(factory, {}, { job: factory })).ended().catch(() => {});
    expect((await kept.get(factory))?.json()).toMatchObject({ value: 'said' });
  }
  slow.mockRestore();
  await worker.close();
});

it('opens the jobs of a tenant for many at once, whoever makes them', async () => {
  for (let round = 0; round < 30; round++) {
    const all = await Promise.all(Array.from({ length: 6 }, () => connection(`first-${round}`)));
    await expect(Promise.all(all.map((nats) => FleetStore.open(nats)))).resolves.toHaveLength(6);
  }
});
