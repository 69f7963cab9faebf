import { connectNats, openFleet } from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Room, startWorkerProcess, type WorkerProcess } from './start-worker-process.ts';

let server: LocalNats;
const room = new Room();
const workers: WorkerProcess[] = [];
const start = async (name: string) => {
  const worker = await startWorkerProcess(room, server.url, name);
  workers.push(worker);
  return worker;
};
beforeAll(async () => {
  server = await startNats();
  await Promise.all([start('a'), start('b')]);
});
afterAll(async () => {
  for (const worker of workers) worker[Symbol.dispose]();
  await server?.close();
});

const of = (job: string) => room.said.filter((said) => said.job === job);
/** In order and without a number twice: one bot at a time, each going on where the last one ended. */
const numbersOf = (job: string) => of(job).map(({ n }) => n);
const risesByOne = (numbers: readonly number[]) => numbers.every((n, i) => i === 0 || n === numbers[i - 1]! + 1);

async function begin(job: string) {
  const nats = await connectNats({ servers: server.url });
  const fleet = await openFleet({ nats });
  const dispatched = await fleet.dispatch('counting', {}, { job });
  await room.next((said) => said.job === job && said.n >= 3);
  const { worker } = await dispatched.status();
  return {
    dispatched,
    owner: workers.find(({ id }) => id === worker)!,
    end: async () => {
      await dispatched.cancel();
      await nats.close();
    },
  };
}

it('goes on elsewhere in the same conversation when its worker is killed', async () => {
  const { dispatched, owner, end } = await begin('killed');
  owner.process.kill('SIGKILL');
  const next = await room.next((said) => said.job === 'killed' && said.worker !== owner.id);
  await dispatched.until(({ state }) => state === 'running');
  const last = of('killed').findLast(({ worker }) => worker === owner.id)!;
  expect(next.lease).toBeGreaterThan(last.lease);
  expect(next.n).toBeGreaterThan(1);
  expect((await dispatched.logs()).map(({ line }) => line)).toContain(`goes on at ${next.n - 1}`);
  await end();
  workers.splice(workers.indexOf(owner), 1);
  await start('c');
});

it('moves without a word lost or said twice when its worker drains', async () => {
  const { owner, end } = await begin('drained');
  await owner.drain();
  await room.next((said) => said.job === 'drained');
  expect(new Set(of('drained').map(({ worker }) => worker)).size).toBe(2);
  expect(risesByOne(numbersOf('drained'))).toBe(true);
  const boundary = of('drained').findIndex(({ worker }) => worker !== owner.id);
  expect(
    of('drained')
      .slice(boundary)
      .every(({ worker }) => worker !== owner.id),
  ).toBe(true);
  await end();
  owner[Symbol.dispose]();
  workers.splice(workers.indexOf(owner), 1);
  await start('d');
});

it('is ended by its worker, which stood still while another took the job', async () => {
  const { owner, end } = await begin('frozen');
  owner.process.kill('SIGSTOP');
  const next = await room.next((said) => said.job === 'frozen' && said.worker !== owner.id);
  owner.process.kill('SIGCONT');
  await room.next((said) => said.n > next.n + 60);
  const old = of('frozen').findLastIndex(({ worker }) => worker === owner.id);
  expect(of('frozen').length - old).toBeGreaterThan(20);
  await end();
});
