import { connectNats } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import { expect, it } from 'vitest';
import { FleetStore } from '../src/store/fleet-store.ts';
import type { HeldJob } from '../src/store/job-record.ts';
import { queuedRecord } from './queued-record.ts';

it('reads all jobs again and again while they change', async () => {
  await using server = await startNats();
  await using nats = await connectNats({ servers: server.url });
  const store = await FleetStore.open(nats);
  const jobs = Array.from({ length: 20 }, (_, n) => `job-${n}`);
  const held = new Map<string, HeldJob>();
  for (const job of jobs) held.set(job, (await store.create(queuedRecord(job)))!);
  let isOver = false;
  const change = async (some: readonly string[]) => {
    for (let n = 0; !isOver; n++) {
      const job = some[n % some.length]!;
      held.set(job, (await store.change(held.get(job)!, { tries: n }))!);
    }
  };
  const changing = [0, 1, 2, 3].map((part) => change(jobs.filter((_, n) => n % 4 === part)));
  // One that waited for the server's heartbeat each time would take minutes.
  for (let round = 0; round < 40; round++) {
    const seen = new Set<string>();
    for await (const { record } of store.all()) seen.add(record.job);
    expect([...seen].sort()).toEqual([...jobs].sort());
  }
  isOver = true;
  await Promise.all(changing);
});
