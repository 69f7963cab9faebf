import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AudioFrame, audioFrame, createSink, graph, micros, pushSource, VideoFramePool } from '@sluice/core';
import { blockEventLoop } from '@sluice/core/testing';
import { type Bot, connectNats, type FleetConnection, openFleet, startWorker } from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import parse from 'parse-prometheus-text-format';
import { tap } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';

let server: LocalNats;
let nats: FleetConnection;
beforeAll(async () => {
  server = await startNats();
  nats = await connectNats({ servers: server.url });
});
afterAll(async () => {
  await nats?.close();
  await server?.close();
});

/** A hundred frames of 10 ms a second, each of which takes so long. */
function bot(name: string, blockMs: number) {
  const one = graph(name);
  const source = pushSource<AudioFrame>({ name: 'source' }, (destination) => {
    let at = 0;
    const next = () => {
      const timestamp = micros(at++ * 10_000);
      destination.next(audioFrame({ samples: new Int16Array(480), sampleRate: 48_000, channels: 1, timestamp }));
    };
    const timer = setInterval(next, 10);
    return () => clearInterval(timer);
  });
  const sink = createSink<AudioFrame>({
    name: 'sink',
    open: () => ({ write: (frame) => frame.close(), end() {} }),
  });
  one
    .from(source)
    .pipe(tap(() => blockMs > 0 && blockEventLoop(blockMs)))
    .to(sink);
  return one;
}
/** One that is no graph, and says what it holds. */
const hoarder = (holds: Bot['holds'] = () => ({ bytes: 2000, tracks: 3, devices: 1 })): Bot => {
  let end = () => {};
  return {
    run: () => new Promise<void>((resolve) => (end = resolve)),
    stop: async () => end(),
    holds,
  };
};

it('ends the bot that takes too much and no other, and tells what each takes', async () => {
  const limits = { busy: 0.25, heldBytes: 1000, overMs: 500 };
  const pool = new VideoFramePool();
  using _picture = pool.frame({ width: 64, height: 64, format: 'I420', timestamp: micros(0) });
  const worker = await startWorker({
    nats,
    name: 'shared',
    limits: { lagMs: 5000, cpu: 10, memoryMb: 16_000 },
    factories: {
      quiet: { build: () => bot('quiet', 0), limits },
      noisy: { build: () => bot('noisy', 8), limits },
      hoarder: { build: () => hoarder(), limits },
      pool: { build: () => hoarder(() => ({ pools: [pool] })), limits },
      broken: () => hoarder(() => ({ bytes: Number.NaN })),
      unbounded: () => ({ ...hoarder(), graphs: [bot('inner', 0)] }),
    },
  });
  await using fleet = await openFleet({ nats });
  const begin = async (factory: string) => {
    const job = await fleet.dispatch(factory, {}, { job: factory });
    await job.started();
    return job;
  };
  const [quiet, unbounded] = [await begin('quiet'), await begin('unbounded')];
  const failureOf = async (factory: string) => await (await begin(factory)).ended().catch((error: unknown) => error);
  expect(await failureOf('noisy')).toMatchObject({
    code: 'SLUICE_FLEET_LIMIT',
    message: expect.stringMatching(/0.25 cores at most, over 500/),
  });
  expect(await failureOf('hoarder')).toMatchObject({
    code: 'SLUICE_FLEET_LIMIT',
    message: expect.stringMatching(/0 ms busy.* 3 tracks, 1 devices\).*received "2000 bytes"/),
  });
  expect((await fleet.job('hoarder').status()).error?.account).toMatchObject({
    heldBytes: 2000,
    tracks: 3,
    devices: 1,
  });
  expect(await failureOf('pool')).toMatchObject({ message: expect.stringMatching(/6144 of them by pools/) });
  // Who cannot be asked ends alone as well.
  expect(await failureOf('broken')).toMatchObject({
    code: 'SLUICE_JOB_FAILED',
    message: expect.stringMatching(/holds\(\).bytes/),
  });
  for (const job of [quiet, unbounded]) expect((await job.status()).state).toBe('running');
  expect([...worker.jobs].sort()).toEqual(['quiet', 'unbounded']);
  expect(await unbounded.account()).toMatchObject({ job: 'unbounded', tracks: 3, devices: 1 });
  expect(worker.accounts.map(({ job }) => job).sort()).toEqual(['quiet', 'unbounded']);
  expect(await fleet.job('noisy').account()).toBeUndefined();

  const read = (text: string) => {
    const families = parse(text);
    return (name: string, labels: Readonly<Record<string, string>> = {}) =>
      families
        .find((family) => family.name === name)!
        .metrics.filter(({ labels: has = {} }) => Object.entries(labels).every(([key, is]) => has[key] === is))
        .map(({ value }) => Number(value));
  };
  const figure = read(worker.metrics());
  expect(figure('sluice_worker_bots', { worker: worker.id })).toEqual([2]);
  expect(figure('sluice_bot_held_memory_bytes', { job: 'unbounded', factory: 'unbounded' })[0]).toBeGreaterThanOrEqual(
    2000,
  );
  expect(figure('sluice_bot_tracks', { job: 'unbounded' })).toEqual([3]);
  const [busy] = figure('sluice_bot_busy_duration_seconds_total', { job: 'quiet' });
  expect(busy).toBeGreaterThan(0);
  // The first beat that was heard is of half a second at most before.
  while (fleet.workers.length === 0) await sleep(20);
  const whole = read(await fleet.metrics());
  expect(whole('sluice_fleet_workers')).toEqual([1]);
  expect(whole('sluice_fleet_jobs', { state: 'running' })).toEqual([2]);
  expect(whole('sluice_fleet_jobs', { state: 'failed' })).toEqual([4]);
  expect(whole('sluice_fleet_worker_capacity', { worker: worker.id })).toEqual([10]);

  const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  const onPage = [...page.matchAll(/^\| `(sluice\.(?:fleet|worker|bot)[\w.]+)`/gm)].map(([, name]) => name);
  const told = [
    ...worker.metrics().matchAll(/^# TYPE (\S+)/gm),
    ...(await fleet.metrics()).matchAll(/^# TYPE (\S+)/gm),
  ];
  expect(told.map(([, name]) => name!.replace(/_(total|seconds|bytes)/g, '').replaceAll('_', '.'))).toEqual(onPage);
  await worker.close();
});
