import { connectNats, openFleet, startWorker } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import { expect, it } from 'vitest';
import { FleetStore } from '../src/store/fleet-store.ts';
import { queuedRecord } from './queued-record.ts';

const HOUR_MS = 3_600_000;

it('lets a job wait as long as it may, whatever the clocks of those who dispatch and place it say', async () => {
  await using server = await startNats();
  await using nats = await connectNats({ servers: server.url });
  const store = await FleetStore.open(nats);
  /** As somebody dispatches it whose clock differs by so much from that of the worker. */
  const dispatch = async (job: string, aheadMs: number, waitMs: number) => {
    const record = queuedRecord(job, { at: Date.now() + aheadMs, waitMs });
    await store.create(record);
    await store.enqueue(record);
  };
  const given = new Promise<void>((resolve) => {
    let count = 0;
    nats.nats.subscribe('$JS.EVENT.ADVISORY.CONSUMER.MSG_NAKED.main-queue.*', {
      callback: () => void (++count === 4 && resolve()),
    });
  });
  await dispatch('behind', -HOUR_MS, 60_000);
  const factories = { other: () => ({ run: async () => {}, stop: async () => {} }) };
  await using _ = await startWorker({ nats, limits: { lagMs: 5_000, cpu: 10, memoryMb: 16_000 }, factories });
  await using fleet = await openFleet({ nats });
  // Four times nobody took it, and it waits on.
  await Promise.race([given, fleet.job('behind').ended()]);
  expect((await fleet.job('behind').status()).state).toBe('queued');
  await dispatch('ahead', HOUR_MS, 200);
  await expect(fleet.job('ahead').ended()).rejects.toMatchObject({ code: 'SLUICE_JOB_UNPLACED' });
});
