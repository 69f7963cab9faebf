import { realClock, sleep } from '@sluice/core';
import { connectNats, type FleetConnection, openFleet, startWorker } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import type { Bench } from '../measuring/report.ts';

const counts = [2, 8] as const;

/** What a fleet sends and is sent by NATS: bytes of messages with their subjects, as the clients of its workers count them. */
export const traffic: Bench = {
  name: 'fleet-traffic',
  async run(report, { quick }) {
    await using server = await startNats();
    const seconds = quick ? 3 : 10;
    for (const count of counts) {
      const open = () => connectNats({ servers: server.url, tenant: `of-${count}` });
      const connections = await Promise.all(Array.from({ length: count }, open));
      const idle = () => {
        let end = () => {};
        return { run: () => new Promise<void>((resolve) => (end = resolve)), stop: async () => end() };
      };
      const limits = { lagMs: 10_000, cpu: 10, memoryMb: 100_000 };
      const workers = await Promise.all(
        connections.map((nats) => startWorker({ nats, capacity: 1_000, limits, factories: { idle } })),
      );
      const quiet = await bytesDuring(connections, () => sleep(realClock, seconds * 1_000));
      report(`${count} workers without a job, bytes a second, sent`, quiet.sent / seconds, 'B', undefined, 'lower');
      report(`${count} workers without a job, bytes a second, received`, quiet.came / seconds, 'B', undefined, 'lower');
      await using nats = await open();
      await using desk = await openFleet({ nats });
      const begun = performance.now();
      const busy = await bytesDuring([...connections, nats], async () => {
        for (let job = 0; job < 100; job++) {
          const one = await desk.dispatch('idle', {});
          await one.started();
          await one.cancel();
        }
      });
      const share = (performance.now() - begun) / 1_000 / seconds;
      const perJob = (busy.sent + busy.came - (quiet.sent + quiet.came) * share) / 100;
      report(`a job among ${count} workers, from dispatch to cancel, bytes`, perJob, 'B', undefined, 'lower');
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all(connections.map((connection) => connection.close()));
    }
  },
};

async function bytesDuring(connections: readonly FleetConnection[], work: () => Promise<void>) {
  const read = () => {
    const stats = connections.map(({ nats }) => nats.stats());
    const sum = (of: 'inBytes' | 'outBytes') => stats.reduce((total, one) => total + one[of], 0);
    return { sent: sum('outBytes'), came: sum('inBytes') };
  };
  const before = read();
  await work();
  const after = read();
  return { sent: after.sent - before.sent, came: after.came - before.came };
}
