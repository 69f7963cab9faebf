import {
  type BotFactory,
  connectNats,
  type FleetConnection,
  openFleet,
  startWorker,
  type WorkerOptions,
} from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { countingBot } from './counting-bot.mjs';

let server: LocalNats;
const workers: AsyncDisposable[] = [];
const connections: AsyncDisposable[] = [];
const closeAll = (all: readonly AsyncDisposable[]) => Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
beforeAll(async () => {
  server = await startNats();
});
afterAll(async () => {
  await closeAll(workers);
  await closeAll(connections);
  await server?.close();
});
const limits = { lagMs: 5000, cpu: 10, memoryMb: 16_000 };

/** A bot that counts at a first worker, and further workers that are to go on with it. */
async function begin(tenant: string) {
  const said: { readonly worker: string; readonly n: number }[] = [];
  const nats: FleetConnection = await connectNats({ servers: server.url, tenant });
  connections.push(nats);
  const counting = (worker: string): BotFactory => countingBot(({ n }: { n: number }) => said.push({ worker, n }));
  const start = async (name: string, factory: BotFactory, options: Partial<WorkerOptions> = {}) => {
    const worker = await startWorker({ nats, name, limits, factories: { counting: factory }, ...options });
    workers.push(worker);
    return worker;
  };
  const first = await start('first', counting('first'));
  const fleet = await openFleet({ nats });
  workers.push(fleet);
  const job = await fleet.dispatch('counting', {}, { job: 'moved' });
  await job.started();
  const spoke = (who: string, more: number) => {
    const before = said.length;
    return vi.waitFor(() => expect(said.slice(before).filter(({ worker }) => worker === who).length).toBe(more), 5000);
  };
  return { said, counting, start, first, job, spoke };
}

const risesByOne = (said: readonly { readonly n: number }[]) =>
  said.every(({ n }, i) => i === 0 || n === said[i - 1]!.n + 1);

describe('a replacement that cannot be made', () => {
  it.each([
    ['throws', () => Promise.reject(new Error('no such room')), /no such room/],
    ['is stuck', () => new Promise<never>(() => {}), /gave no bot/],
  ])('is tried for again when it %s, and the old bot speaks until then', async (how, fail, message) => {
    const { said, counting, start, first, job, spoke } = await begin(how.replace(' ', '-'));
    const failures: unknown[] = [];
    const next: BotFactory = (context) => {
      if (context.moves > 1) return counting('second')(context);
      failures.push(context.moves);
      return fail();
    };
    const second = await start('second', next, { startMs: 300, moves: { pauseMs: 300 } });
    const waiting = job.until(({ moveFailure }) => moveFailure !== null);
    const drained = first.drain();
    expect(await waiting).toMatchObject({ state: 'queued', from: first.id, moveFailure: { count: 1, message } });
    await drained;
    await spoke('second', 3);
    expect(failures).toEqual([1]);
    expect(await job.status()).toMatchObject({ state: 'running', worker: second.id, from: null, moveFailure: null });
    expect(risesByOne(said)).toBe(true);
  });

  it('fails the job with its last error when all tries are used up, and not before', async () => {
    const { said, start, first, job } = await begin('always');
    const spoken: number[] = [];
    const failing: BotFactory = () => {
      spoken.push(said.length);
      throw new Error(`try ${spoken.length}`);
    };
    await start('second', failing, { moves: { tries: 3, pauseMs: 150 } });
    const ended = job.ended().catch((error: unknown) => error);
    await first.drain();
    expect(await ended).toMatchObject({ code: 'SLUICE_JOB_FAILED', message: expect.stringMatching(/try 3/) });
    expect(spoken.length).toBe(3);
    expect(spoken[1]).toBeGreaterThan(spoken[0]!);
    expect(spoken[2]).toBeGreaterThan(spoken[1]!);
    expect(first.jobs).toEqual([]);
    const lines = (await job.logs()).map(({ line }) => line);
    expect(lines.filter((line) => /^try \d failed, again in (150|300) ms/.test(line)).length).toBe(2);
  });

  it('fails the job when the time of the drain is over', async () => {
    const { start, first, job } = await begin('late');
    const failing: BotFactory = () => Promise.reject(new Error('not yet'));
    await start('second', failing, { moves: { pauseMs: 5000 } });
    const ended = job.ended().catch((error: unknown) => error);
    const drained = first.drain();
    await job.until(({ moveFailure }) => moveFailure !== null);
    await first.drain({ deadlineMs: 0 });
    await drained;
    expect(await ended).toMatchObject({ code: 'SLUICE_JOB_FAILED', message: expect.stringMatching(/not yet/) });
    expect(first.jobs).toEqual([]);
  });

  it('leaves the old bot to a third worker when its own worker drains meanwhile', async () => {
    const { said, counting, start, first, job, spoke } = await begin('thrice');
    let building = () => {};
    const begun = new Promise<void>((resolve) => (building = resolve));
    const second = await start('second', ({ signal }) => {
      building();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    });
    const drained = first.drain();
    await begun;
    await second.drain();
    expect(second.jobs).toEqual([]);
    expect(await job.status()).toMatchObject({ state: 'queued', from: first.id });
    await start('third', counting('third'));
    await drained;
    await spoke('third', 3);
    expect(new Set(said.map(({ worker }) => worker))).toEqual(new Set(['first', 'third']));
    expect(risesByOne(said)).toBe(true);
  });
});

describe('a bot that gets no place in its room', () => {
  it.each([
    ['is told of a later one', () => Promise.reject(new Error('a later bot has the job')), 'SLUICE_JOB_FAILED'],
    ['hears nothing', () => new Promise<never>(() => {}), 'SLUICE_JOB_STUCK'],
  ])('ends unheard when it %s, and its job has failed', async (how, take, code) => {
    const nats = await connectNats({ servers: server.url, tenant: how.replaceAll(' ', '-') });
    connections.push(nats);
    const steps: string[] = [];
    const placeless: BotFactory = ({ lease }) => {
      lease.onBegin(take);
      return { run: async () => void steps.push('run'), stop: async () => void steps.push('stop') };
    };
    workers.push(await startWorker({ nats, limits, factories: { placeless }, startMs: 200 }));
    const fleet = await openFleet({ nats });
    workers.push(fleet);
    const job = await fleet.dispatch('placeless', {});
    await expect(job.ended()).rejects.toMatchObject({ code });
    expect(steps).toEqual(['stop']);
  });
});

it('takes its place when the one before has stopped, and runs when it has it', async () => {
  const nats = await connectNats({ servers: server.url, tenant: 'in-order' });
  connections.push(nats);
  const steps: string[] = [];
  const stepping =
    (name: string): BotFactory =>
    ({ lease }) => {
      lease.onBegin(async () => void steps.push(`${name} has its place`));
      let end = () => {};
      const ended = new Promise<void>((resolve) => (end = resolve));
      return {
        run: async () => {
          steps.push(`${name} runs`);
          await ended;
        },
        stop: async () => {
          steps.push(`${name} stops`);
          end();
        },
      };
    };
  const start = async (name: string) => {
    const worker = await startWorker({ nats, name, limits, factories: { stepping: stepping(name) } });
    workers.push(worker);
    return worker;
  };
  const first = await start('a');
  const fleet = await openFleet({ nats });
  workers.push(fleet);
  await (await fleet.dispatch('stepping', {})).started();
  await start('b');
  await first.drain();
  expect(steps).toEqual(['a has its place', 'a runs', 'a stops', 'b has its place', 'b runs']);
});

it.each([
  [{ moves: { tries: 0 } }, /moves.tries/],
  [{ moves: { pauseMs: 6000 } }, /moves.pauseMs/],
  [{ moves: { pause: 1 } }, /pauseMs/],
])('refuses %o at once', async (options, message) => {
  await using nats = await connectNats({ servers: server.url });
  await expect(startWorker({ nats, factories: { any: () => ({}) as never }, ...options } as never)).rejects.toThrow(
    message,
  );
});
