import { setTimeout as sleep } from 'node:timers/promises';
import { type Bot, type BotContext, type BotFactory, openFleet, startWorker } from '@sluice/fleet';
import { expect, it, vi } from 'vitest';
import { tenantsOfAServer } from './tenants-of-a-server.ts';

const connection = tenantsOfAServer();
const limits = { lagMs: 5_000, cpu: 10, memoryMb: 16_000 };
const endless = (): Bot => {
  let end = () => {};
  return { run: () => new Promise<void>((resolve) => (end = resolve)), stop: async () => end() };
};
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => error,
  );
async function open(tenant: string, factories: Readonly<Record<string, BotFactory>>) {
  const nats = await connection(tenant);
  const worker = await startWorker({ nats, limits, factories, startMs: 300 });
  return { nats, worker, fleet: await openFleet({ nats }) };
}

it('refuses what is no input, no name and no time at once', async () => {
  const fleet = await openFleet({ nats: await connection('odd-input') });
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const invalid = { code: 'SLUICE_INVALID_ARGUMENT' };
  for (const input of [circle, 1n, { at: 1n }, () => {}, Symbol('x'), undefined])
    expect(await failureOf(fleet.dispatch('any', input))).toMatchObject(invalid);
  for (const waitMs of [Infinity, Number.NaN, 0, -1, '5' as never])
    expect(await failureOf(fleet.dispatch('any', {}, { waitMs }))).toMatchObject(invalid);
  for (const name of ['', '>', '*', 'a.b', 'a b', 7 as never, undefined as never, 'x'.repeat(65)]) {
    expect(() => fleet.job(name)).toThrow(/fleet.job/);
    expect(await failureOf(fleet.dispatch(name, {}))).toMatchObject(invalid);
  }
  const unknown = fleet.job('nobody');
  for (const ask of [unknown.status(), unknown.started(), unknown.ended(), unknown.cancel(), unknown.account()])
    expect(await failureOf(ask)).toMatchObject({ code: 'SLUICE_JOB_UNKNOWN' });
  expect(await unknown.logs()).toEqual([]);
});

it('refuses a worker times that no timer has, and waits for nothing in one that was closed', async () => {
  const nats = await connection('odd-times');
  const never = (): Bot => ({ run: () => new Promise(() => {}), stop: async () => {} });
  const start = (times: object) => failureOf(startWorker({ nats, limits, factories: { never }, ...times }));
  for (const startMs of [Infinity, 2 ** 31, Number.NaN, 0, '300'])
    expect(await start({ startMs })).toMatchObject({ message: expect.stringMatching(/startMs .* to 2147483647/) });
  expect(await start({ leaseMs: '2000' })).toMatchObject({ message: expect.stringMatching(/leaseMs .* 200 to 60000/) });
  expect(await start({ limits: { cpu: '1' } })).toMatchObject({ message: expect.stringMatching(/limits.cpu/) });
  const { worker, fleet } = await open('odd-times', { never });
  for (const options of [
    { deadlineMs: Number.NaN },
    { deadlineMs: -1 },
    { deadlineMs: Infinity },
    { deadline: 1 },
    null,
  ])
    expect(await failureOf(worker.drain(options as object))).toMatchObject({ code: 'SLUICE_INVALID_ARGUMENT' });
  // It refused, and so it takes jobs.
  await (await fleet.dispatch('never', {})).started();
  await Promise.all([worker.close(), worker.close()]);
  expect(worker.jobs).toHaveLength(1);
  await Promise.race([
    worker.drain(),
    sleep(2_000).then(() => expect.unreachable('it waits for a bot that never ends')),
  ]);
  await fleet.close();
  await nats.close();
  const closed = {
    code: 'SLUICE_FLEET_UNREACHABLE',
    message: expect.stringMatching(/connection was closed.*Connect anew/),
  };
  expect(await failureOf(openFleet({ nats }))).toMatchObject(closed);
  expect(await start({})).toMatchObject(closed);
});

it('cancels before, while and after it starts, twice and at once', async () => {
  let release = () => {};
  const slow: BotFactory = async ({ signal }) => {
    await new Promise<void>((resolve) => {
      release = resolve;
      signal.addEventListener('abort', () => resolve());
    });
    return endless();
  };
  const { worker, fleet } = await open('odd-cancel', { slow, endless });
  const queued = await fleet.dispatch('nobody-offers', {});
  await Promise.all([queued.cancel(), queued.cancel()]);
  expect((await queued.status()).state).toBe('cancelled');
  expect(await failureOf(queued.started())).toMatchObject({ code: 'SLUICE_JOB_UNKNOWN' });
  const starting = await fleet.dispatch('slow', {});
  await starting.until(({ state }) => state === 'starting');
  await starting.cancel();
  release();
  const runs = await fleet.dispatch('endless', {});
  await runs.started();
  await Promise.all([runs.cancel(), runs.cancel(), runs.cancel()]);
  await runs.cancel();
  await vi.waitFor(() => expect(worker.jobs).toEqual([]));
  expect([(await starting.status()).state, (await runs.status()).state]).toEqual(['cancelled', 'cancelled']);
  await fleet.close();
  await worker.close();
});

it('ends bots that do not keep to their interface, and no other', async () => {
  const log = (context: BotContext) => {
    context.log(undefined as never);
    context.log({ any: 'thing' } as never);
    return endless();
  };
  const keeps = (context: BotContext) => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    context.keep(circle);
    return endless();
  };
  const { worker, fleet } = await open('odd-bots', {
    endless,
    log,
    keeps,
    never: () => new Promise<Bot>(() => {}),
    'stops-with-nothing': () => ({ ...endless(), stop: () => undefined as never }),
    'throws-in-stop': () => {
      const throwing = () => {
        throw new Error('it will not');
      };
      return { ...endless(), stop: throwing, abort: throwing };
    },
    'runs-nothing': () => ({ run: () => undefined as never, stop: async () => {} }),
  });
  const neighbour = await fleet.dispatch('endless', {}, { job: 'neighbour' });
  await neighbour.started();
  const endOf = async (factory: string) => await failureOf((await fleet.dispatch(factory, {})).ended());
  expect(await endOf('never')).toMatchObject({ code: 'SLUICE_JOB_STUCK' });
  const message = expect.stringMatching(/keep is not valid; expected what JSON can say/);
  expect(await endOf('keeps')).toMatchObject({ code: 'SLUICE_JOB_FAILED', message });
  expect((await (await fleet.dispatch('runs-nothing', {})).ended()).state).toBe('ended');
  const odd = await Promise.all(
    ['log', 'stops-with-nothing', 'throws-in-stop'].map((factory) => fleet.dispatch(factory, {})),
  );
  await Promise.all(odd.map((job) => job.started()));
  await Promise.all(odd.map((job) => job.cancel()));
  expect((await odd[0]!.logs()).map(({ line }) => line)).toEqual(
    expect.arrayContaining(['undefined', '[object Object]']),
  );
  expect((await odd[2]!.logs()).map(({ line }) => line)).toContain('it did not stop in order: it will not');
  expect((await neighbour.status()).state).toBe('running');
  // Twice and at once.
  await Promise.all([worker.close(), worker.close(), worker.drain({ deadlineMs: 50 })]);
  await worker.close();
  await fleet.close();
  await fleet.close();
});

it('gives a bot up that ends neither for stop() nor for abort(): its place is for others, and it is told while it goes on', async () => {
  const asked: string[] = [];
  let end = () => {};
  let say = (_line: string) => {};
  const deaf = ({ log }: BotContext): Bot => ({
    run: () => {
      say = log;
      return new Promise<void>((resolve) => (end = resolve));
    },
    stop: async () => void asked.push('stop'),
    abort: () => void asked.push('abort'),
  });
  const nats = await connection('odd-deaf');
  const worker = await startWorker({ nats, limits, factories: { deaf, endless }, capacity: 1 });
  const fleet = await openFleet({ nats });
  const stuck = () => /^sluice_worker_bots_stuck\{.*\} (\d)$/m.exec(worker.metrics())![1];
  const job = await fleet.dispatch('deaf', {}, { job: 'deaf' });
  await job.started();
  await job.cancel();
  const next = await fleet.dispatch('endless', {}, { job: 'next' });
  await next.started();
  expect(asked).toEqual(['stop', 'abort']);
  expect([worker.jobs, stuck()]).toEqual([['next'], '1']);
  say('late words');
  await nats.nats.flush();
  const lines = (await job.logs()).map(({ line }) => line);
  expect(lines).not.toContain('late words');
  expect(lines).toEqual(
    expect.arrayContaining([expect.stringMatching(/its run\(\) did not end within 1000 ms of abort\(\)/)]),
  );
  expect((await job.status()).state).toBe('cancelled');
  end();
  await vi.waitFor(() => expect(stuck()).toBe('0'));
  await worker.close();
  await fleet.close();
});

it('a connection that is closed under a dispatch, a wait or a worker that begins is told as that', async () => {
  const nats = await connection('odd-close');
  const fleet = await openFleet({ nats });
  const job = await fleet.dispatch('nobody-offers', {});
  const waiting = failureOf(job.started());
  const dispatched = failureOf(fleet.dispatch('nobody-offers', {}));
  const begun = failureOf(startWorker({ nats, limits, factories: { endless } }));
  await nats.nats.close();
  const away = { code: 'SLUICE_FLEET_UNREACHABLE' };
  expect(await waiting).toMatchObject(away);
  expect(await dispatched).toMatchObject(away);
  expect(await begun).toMatchObject(away);
  expect(await failureOf(fleet.dispatch('nobody-offers', {}))).toMatchObject(away);
  expect(await failureOf(openFleet({ nats }))).toMatchObject(away);
  await fleet.close();
});
