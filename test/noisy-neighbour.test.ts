import { type AudioFrame, audioFrame, graph, micros, pushSource } from '@sluice/core';
import { blockEventLoop, findGaps } from '@sluice/core/testing';
import { type Bot, type BotContext, connectNats, type Fleet, openFleet, startWorker } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import { fromTone } from '@sluice/nodes';
import { CallClient, Daily, fromCall, type RoomServer, startRoomServer, toMicrophone } from '@sluice/transport';
import { afterEach, beforeEach, expect, test } from 'vitest';

const RATE = 48_000;
/** Silence that somebody notices. */
const GAP_MS = 20;

let rooms: RoomServer;
let fleet: Fleet;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  Daily.init();
  rooms = await startRoomServer();
  const server = await startNats();
  closing.push(
    () => Daily.deinit(),
    () => rooms.close(),
    () => server.close(),
  );
  const nats = await connectNats({ servers: server.url });
  closing.push(() => nats.close());
  const limits = { overMs: 1_000, tracks: 4, queuedFrames: 100 };
  const worker = await startWorker({
    nats,
    limits: { lagMs: 5_000, cpu: 10, memoryMb: 16_000 },
    factories: { speaker, noisy: { build: noisy, limits }, crowded: { build: crowded, limits } },
  });
  closing.push(() => worker.close());
  fleet = await openFleet({ nats });
  closing.push(() => fleet.close());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A bot that speaks a tone in a room for ever. */
async function speaker({ job }: BotContext): Promise<Bot> {
  const microphone = Daily.createMicrophoneDevice(job, { sampleRate: RATE });
  const client = new CallClient();
  const inputs = { microphone: { isEnabled: true, settings: { deviceId: job } } };
  await client.join(rooms.roomUrl('stage'), { clientSettings: { inputs } });
  const bot = graph(job);
  bot.from(fromTone({ frequency: 440, sampleRate: RATE, live: true })).to(toMicrophone(microphone));
  return {
    graphs: [bot],
    holds: () => ({ calls: [client], devices: 1 }),
    run: () => bot.run(),
    stop: async () => {
      bot.abort();
      await client.release();
    },
  };
}

/** More than half of the event loop, for nobody. */
function noisy(): Bot {
  const bot = graph('noisy');
  const source = pushSource<AudioFrame>({ name: 'noise' }, (destination) => {
    let at = 0;
    const timer = setInterval(() => {
      const timestamp = micros(at++ * 10_000);
      destination.next(audioFrame({ samples: new Int16Array(480), sampleRate: RATE, channels: 1, timestamp }));
    }, 10);
    return () => clearInterval(timer);
  });
  bot.from(source).to({
    next: (frame) => {
      blockEventLoop(7);
      frame.close();
    },
  });
  return bot;
}

/** More calls than it may have. */
async function crowded(): Promise<Bot> {
  const clients = await Promise.all(
    Array.from({ length: 3 }, async (_, at) => {
      const deviceId = `crowd-${at}`;
      Daily.createMicrophoneDevice(deviceId, { sampleRate: RATE });
      const client = new CallClient();
      const inputs = { microphone: { isEnabled: true, settings: { deviceId } } };
      await client.join(rooms.roomUrl('crowd'), { clientSettings: { inputs } });
      return client;
    }),
  );
  let end = () => {};
  return {
    holds: () => ({ calls: clients }),
    run: () => new Promise<void>((resolve) => (end = resolve)),
    stop: async () => {
      await Promise.all(clients.map((client) => client.release()));
      end();
    },
  };
}

const failureOf = async (factory: string) =>
  await (await fleet.dispatch(factory, {})).ended().catch((error: unknown) => error);

test('a bot ends that has more tracks in its calls than it may', async () => {
  // Three microphones, and each of the others' two at each: nine tracks.
  expect(await failureOf('crowded')).toMatchObject({
    code: 'SLUICE_FLEET_LIMIT',
    message: expect.stringMatching(/4 tracks at most.*received "9 tracks/),
  });
});

test('a bot that takes too much of its worker ends before its neighbour is heard to suffer', async () => {
  const samples: number[] = [];
  let look = () => {};
  const ear = new CallClient();
  const hearing = fromCall(ear, { sampleRate: RATE }).subscribe((frame: AudioFrame) => {
    const missing = Math.round(((frame.gap?.duration ?? 0) * RATE) / 1e6);
    for (let at = 0; at < missing; at++) samples.push(0);
    for (const sample of frame.samples) samples.push(sample);
    look();
  });
  closing.push(async () => {
    hearing.unsubscribe();
    await ear.release();
  });
  await ear.join(rooms.roomUrl('stage'));
  const more = async (count: number) => {
    const until = samples.length + count;
    while (samples.length < until) await new Promise<void>((resolve) => (look = resolve));
  };
  const job = await fleet.dispatch('speaker', {}, { job: 'speaker' });
  await job.started();
  while (!samples.slice(-RATE / 4).some((sample) => sample > 1_000)) await more(RATE / 50);
  await more(RATE / 2);
  const from = samples.length - RATE / 4;
  expect(await job.account()).toMatchObject({ tracks: 1, devices: 1 });

  expect(await failureOf('noisy')).toMatchObject({
    code: 'SLUICE_FLEET_LIMIT',
    message: expect.stringMatching(/0\.5 cores at most, over 1000 ms; received "0\.[6-9]/),
  });
  await more(RATE / 2);
  const heard = Int16Array.from(samples.slice(from));
  expect(findGaps(heard, { sampleRate: RATE, minMs: GAP_MS }).gaps).toEqual([]);
  expect((await job.status()).state).toBe('running');
  await job.cancel();
});
