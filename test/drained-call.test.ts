import { type AudioFrame, graph } from '@sluice/core';
import { findGaps, measureTone } from '@sluice/core/testing';
import {
  type BotContext,
  connectNats,
  type FleetConnection,
  type FleetWorker,
  openFleet,
  startWorker,
} from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import { fromTone } from '@sluice/nodes';
import { CallClient, Daily, fromCall, type RoomServer, startRoomServer, toMicrophone } from '@sluice/transport';
import { afterEach, beforeEach, expect, test } from 'vitest';

const RATE = 48_000;
const HZ = 440;
/** Longer than a jitter buffer that finds its size, in milliseconds. */
const PAUSE_MS = 60;

let server: LocalNats;
let rooms: RoomServer;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  server = await startNats();
  rooms = await startRoomServer();
  Daily.init();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await Daily.deinit();
  await rooms.close();
  await server.close();
});

/** A bot that speaks a tone in a room for ever. */
async function speaker({ job, lease }: BotContext) {
  const deviceId = `${job}-${lease.revision}`;
  const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate: RATE });
  const client = new CallClient();
  const inputs = { microphone: { isEnabled: true, settings: { deviceId } } };
  await client.join(rooms.roomUrl('stage'), { lease, clientSettings: { inputs } });
  const bot = graph(job);
  bot.from(fromTone({ frequency: HZ, sampleRate: RATE, live: true })).to(toMicrophone(microphone));
  return {
    run: () => bot.run(),
    stop: async () => {
      bot.abort();
      await client.release();
    },
  };
}

async function connection(): Promise<FleetConnection> {
  const nats = await connectNats({ servers: server.url });
  closing.push(() => nats.close());
  return nats;
}

async function worker(name: string): Promise<FleetWorker> {
  const limits = { lagMs: 5_000, cpu: 10, memoryMb: 16_000 };
  const started = await startWorker({ nats: await connection(), name, limits, factories: { speaker } });
  closing.push(() => started.close());
  return started;
}

/** All that somebody in the room hears, in the time of its samples. */
class Ear {
  readonly samples: number[] = [];
  #waits = () => {};

  async join(): Promise<void> {
    const client = new CallClient();
    const heard = fromCall(client, { sampleRate: RATE }).subscribe((frame: AudioFrame) => {
      const missing = Math.round(((frame.gap?.duration ?? 0) * RATE) / 1e6);
      for (let at = 0; at < missing; at++) this.samples.push(0);
      for (const sample of frame.samples) this.samples.push(sample);
      this.#waits();
    });
    closing.push(async () => {
      heard.unsubscribe();
      await client.release();
    });
    await client.join(rooms.roomUrl('stage'));
  }

  /** Resolves when so many samples are there and the last half of a second is the tone. */
  async hearsTone(count: number): Promise<void> {
    const isTone = () => {
      const last = Int16Array.from(this.samples.slice(-RATE / 2));
      return this.samples.length >= count && last.every((_, at) => at % 480 !== 0 || loud(last.subarray(at, at + 480)));
    };
    while (!isTone()) await new Promise<void>((resolve) => (this.#waits = resolve));
  }
}

const loud = (piece: Int16Array) => piece.some((sample) => Math.abs(sample) > 500);

test('a bot that moves leaves one pause of half a second at most in what the room hears', async () => {
  const ear = new Ear();
  await ear.join();
  const first = await worker('first');
  const fleet = await openFleet({ nats: await connection() });
  closing.push(() => fleet.close());
  const job = await fleet.dispatch('speaker', {}, { job: 'one' });
  await ear.hearsTone(RATE / 2);
  const from = ear.samples.length - RATE / 2;
  const second = await worker('second');
  await first.drain();
  expect([first.jobs, second.jobs]).toEqual([[], ['one']]);
  // What was silence meanwhile comes with the first sound behind it.
  await ear.hearsTone(ear.samples.length + RATE);
  const heard = Int16Array.from(ear.samples.slice(from));
  const { gaps } = findGaps(heard, { sampleRate: RATE, minMs: PAUSE_MS });
  expect(gaps.length).toBe(1);
  expect(gaps[0]!.durationMs).toBeLessThanOrEqual(500);
  const after = measureTone(heard.subarray(-RATE / 4), RATE, HZ);
  expect(after.frequency).toBeCloseTo(HZ, 0);
  await job.cancel();
});
