import { connectNats, openFleet, startWorker } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import { type Fleets, type InspectedFleet, inspector, lookAt } from '@sluice/inspector';
import { expect, it } from 'vitest';

it('shows a real fleet as it is, and says when its server is away and back', async () => {
  await using server = await startNats();
  await using nats = await connectNats({ servers: server.url });
  const worker = await startWorker({
    nats,
    name: 'alone',
    capacity: 2,
    limits: { lagMs: 5_000, cpu: 10, memoryMb: 16_000 },
    factories: { waiting: () => ({ run: () => new Promise<void>(() => {}), stop: async () => {} }) },
  });
  await using fleet = await openFleet({ nats });
  await using open = await inspector([], { runFile: false });
  const asked: InspectedFleet = fleet;
  open.addFleet(asked, { name: 'real' });
  const told = lookAt({ pid: process.pid, port: open.port, token: open.token });
  const until = async (holds: (told: Fleets['fleets'][number]) => boolean) => {
    for (;;) {
      const { value, done } = await told.next();
      if (done) throw new Error('the inspector ended');
      if (value.type === 'fleets' && value.fleets[0] !== undefined && holds(value.fleets[0])) return value.fleets[0];
    }
  };
  const jobs = [
    await fleet.dispatch('waiting', { room: 'lobby' }, { job: 'one' }),
    await fleet.dispatch('waiting', { room: 'attic' }, { job: 'two' }),
  ];
  await Promise.all(jobs.map((job) => job.started()));
  const seen = await until(({ counts, workers }) => counts.running === 2 && workers[0]?.load.bots === 2);
  expect(seen).toMatchObject({
    name: 'real',
    workers: [{ worker: fleet.workers[0]!.worker, factories: ['waiting'], draining: false }],
  });
  // What is only expected, of bots that were not measured yet, is not shown.
  const measured = Object.keys(fleet.workers[0]!.load).filter((key) => key !== 'begun' && key !== 'more');
  expect(Object.keys(seen.workers[0]!.load).sort()).toEqual(measured.sort());
  expect(seen.jobs.map(({ job }) => job).sort()).toEqual(['one', 'two']);
  expect(seen.jobs.map(({ at }) => at).sort()).toEqual((await fleet.jobs()).map(({ at }) => at).sort());
  expect(JSON.stringify(seen)).not.toContain('lobby');
  await server.kill();
  await until(({ fault, workers }) => fault !== undefined && workers.length === 0);
  await server.restart();
  await until(({ fault, counts }) => fault === undefined && counts.running === 2);
  await told.return();
  await worker.close();
});
