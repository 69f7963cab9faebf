// Bots over many processes on NATS: how fast jobs begin, how soon those of a worker that died go on, how jobs spread.

import { setTimeout as sleep } from 'node:timers/promises';
import { connectNats, openFleet, startWorker } from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import { ChildProgram } from '../measuring/child-program.ts';
import { percentile } from '../measuring/percentile.ts';
import type { Bench, Report } from '../measuring/report.ts';

/** From `dispatch` to a bot that runs, and from the kill of a worker to the first word of its bot elsewhere. */
export const fleet: Bench = {
  name: 'fleet',
  run: async (report, { quick }) => {
    await using server = await startNats();
    await dispatches(server, quick ? 200 : 1000, report);
    await kills(server, quick ? 4 : 20, report);
  },
};

async function dispatches(server: LocalNats, count: number, report: Report): Promise<void> {
  await using nats = await connectNats({ servers: server.url, tenant: 'dispatches' });
  const limits = { lagMs: 10_000, cpu: 10, memoryMb: 100_000 };
  const endless = () => {
    let end = () => {};
    return { run: () => new Promise<void>((resolve) => (end = resolve)), stop: async () => end() };
  };
  const workers = await Promise.all(
    Array.from({ length: 4 }, () => startWorker({ nats, capacity: count, limits, factories: { endless } })),
  );
  await using desk = await openFleet({ nats });
  const alone: number[] = [];
  for (let i = 0; i < 100; i++) {
    const begun = performance.now();
    const job = await desk.dispatch('endless', {});
    await job.started();
    alone.push(performance.now() - begun);
  }
  const begun = performance.now();
  const jobs = await Promise.all(Array.from({ length: count }, () => desk.dispatch('endless', {})));
  const kept = performance.now();
  for (const job of jobs) await job.started();
  const running = performance.now();
  report('dispatch to running, one after the other, p50', percentile(alone, 0.5), 'ms', undefined, 'lower');
  report('dispatch to running, one after the other, p99', percentile(alone, 0.99), 'ms', undefined, 'lower');
  report(`dispatched at once, ${count}, kept`, (count * 1000) / (kept - begun), '/s');
  report(`dispatched at once, ${count}, running at 4 workers`, (count * 1000) / (running - begun), '/s');
  await Promise.all(workers.map((worker) => worker.close()));
}

async function kills(server: LocalNats, times: number, report: Report): Promise<void> {
  await using nats = await connectNats({ servers: server.url, tenant: 'kills' });
  await using desk = await openFleet({ nats });
  const start = async () => {
    const program = new ChildProgram('fleet-worker');
    return { program, id: await program.call<string>('start', server.url) };
  };
  let workers = [await start(), await start()];
  const words = nats.nats.subscribe('kills.said');
  const heard = words[Symbol.asyncIterator]();
  const wordOf = async (isMeant: (worker: string) => boolean) => {
    for (;;) {
      const { value } = await heard.next();
      if (value !== undefined && isMeant(value.string())) return;
    }
  };
  const job = await desk.dispatch('talking', {});
  const silent: number[] = [];
  for (let i = 0; i < times; i++) {
    await job.started();
    const { worker } = await job.status();
    const [dead, others] = [workers.find(({ id }) => id === worker)!, workers.filter(({ id }) => id !== worker)];
    await wordOf((who) => who === dead.id);
    await sleep(200 + ((i * 137) % 500));
    const begun = performance.now();
    process.kill(dead.program.pid, 'SIGKILL');
    await wordOf((who) => who !== dead.id);
    silent.push(performance.now() - begun);
    workers = [...others, await start()];
    // A job whose workers die one after the other within a minute is taken for the cause.
    await job.cancel();
    await desk.dispatch('talking', {}, { job: job.name });
  }
  report(`worker killed, first word elsewhere, p50 of ${times}`, percentile(silent, 0.5), 'ms', undefined, 'lower');
  report(`worker killed, first word elsewhere, p95 of ${times}`, percentile(silent, 0.95), 'ms', undefined, 'lower');
  words.unsubscribe();
  for (const { program } of workers) await program[Symbol.asyncDispose]();
}
