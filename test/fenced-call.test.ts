import { type AudioFrame, graph } from '@sluice/core';
import {
  type BotFactory,
  connectNats,
  type FleetConnection,
  type FleetWorker,
  openFleet,
  startWorker,
  type WorkerOptions,
} from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import { fromTone } from '@sluice/nodes';
import {
  CallClient,
  createMeetingToken,
  Daily,
  fromCall,
  type JoinLease,
  meetingTokens,
  type RoomServer,
  startRoomServer,
  toMicrophone,
} from '@sluice/transport';
import { TcpRelay } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

const RATE = 48_000;
/** 10 ms, in which the tones of all workers are told apart. */
const WINDOW = RATE / 100;
const HZ = { first: 400, second: 1_000 } as const;
type Name = keyof typeof HZ;
const AMPLITUDE = 0.25;
/** Of one tone: what a cut in the middle of a window shows at the pitch of the other is a third of this. */
const LOUD = 0.2 * AMPLITUDE * 32_767;
const secret = 'a secret of thirty-two bytes or more, for tests';
const audience = 'sluice';

let server: LocalNats;
let rooms: RoomServer;
const closing: (() => Promise<void>)[] = [];
const leaving: Promise<void>[] = [];
beforeEach(async () => {
  server = await startNats();
  rooms = await startRoomServer({ tokens: meetingTokens({ secrets: [secret], audience, guests: true }) });
  Daily.init();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await Promise.all(leaving.splice(0));
  await Daily.deinit();
  await rooms.close();
  await server.close();
});

/** Somebody in the room who speaks a tone from `run()` on, and may be the bot of a job. */
async function enter(name: Name, lease?: JoinLease) {
  const deviceId = `${name}-${lease?.revision}`;
  const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate: RATE });
  const client = new CallClient();
  const inputs = { microphone: { isEnabled: true, settings: { deviceId } } };
  const token = await createMeetingToken({ secret, audience, room: 'stage', ...(lease && { job: lease.job }) });
  await client.join(rooms.roomUrl('stage'), { token, ...(lease && { lease }), clientSettings: { inputs } });
  const voice = graph(deviceId);
  voice
    .from(fromTone({ frequency: HZ[name], amplitude: AMPLITUDE, sampleRate: RATE, live: true }))
    .to(toMicrophone(microphone));
  return { client, run: () => voice.run(), stop: async () => voice.abort() };
}

/** A bot that speaks the tone of its worker. `joined` is awaited in its factory, when it is in the room. */
function speaker(name: Name, joined: () => void | Promise<void> = () => {}): BotFactory {
  return async ({ lease, signal }) => {
    const { client, run, stop } = await enter(name, lease);
    // Of all ends: it was cancelled, replaced or not built after all.
    signal.addEventListener('abort', () => leaving.push(client.release()));
    await joined();
    return { run, stop };
  };
}

async function connection(port = server.port): Promise<FleetConnection> {
  const nats = await connectNats({ servers: `nats://127.0.0.1:${port}` });
  closing.push(() => nats.close());
  return nats;
}

async function worker(name: Name, options: Partial<WorkerOptions> = {}): Promise<FleetWorker> {
  const limits = { lagMs: 5_000, cpu: 10, memoryMb: 16_000 };
  const factories = { speaker: speaker(name) };
  const started = await startWorker({
    nats: options.nats ?? (await connection()),
    name,
    limits,
    factories,
    ...options,
  });
  closing.push(() => started.close());
  return started;
}

async function dispatch() {
  const fleet = await openFleet({ nats: await connection() });
  closing.push(() => fleet.close());
  return await fleet.dispatch('speaker', {}, { job: 'one' });
}

/** Whom somebody in the room hears, window by window of its samples. */
class Ear {
  readonly heard: string[] = [];
  #rest: number[] = [];
  #waits: (() => void)[] = [];

  static async join(): Promise<Ear> {
    const client = new CallClient();
    const ear = Ear.of(client);
    await client.join(rooms.roomUrl('stage'));
    return ear;
  }

  static of(client: CallClient): Ear {
    const ear = new Ear();
    const hearing = fromCall(client, { sampleRate: RATE }).subscribe((frame: AudioFrame) => ear.#take(frame));
    closing.push(async () => {
      hearing.unsubscribe();
      await client.release();
    });
    return ear;
  }

  /** Resolves when one is heard for 0.3 s from now on, alone and without a break. */
  async hears(name: Name): Promise<void> {
    const from = this.heard.length + 30;
    while (this.heard.length < from || !this.heard.slice(-30).every((who) => who === name))
      await new Promise<void>((resolve) => this.#waits.push(resolve));
  }

  #take(frame: AudioFrame): void {
    const missing = Math.round(((frame.gap?.duration ?? 0) * RATE) / 1e6);
    for (let at = 0; at < missing; at++) this.#rest.push(0);
    for (const sample of frame.samples) this.#rest.push(sample);
    while (this.#rest.length >= WINDOW) this.heard.push(speakers(this.#rest.splice(0, WINDOW)));
    for (const look of this.#waits.splice(0)) look();
  }
}

function speakers(samples: readonly number[]): string {
  const names = Object.keys(HZ) as Name[];
  return names.filter((name) => amplitude(samples, HZ[name]) > LOUD).join(' and ');
}

function amplitude(samples: readonly number[], hz: number): number {
  let [re, im] = [0, 0];
  for (const [at, sample] of samples.entries()) {
    re += sample * Math.cos((2 * Math.PI * hz * at) / RATE);
    im += sample * Math.sin((2 * Math.PI * hz * at) / RATE);
  }
  return (2 * Math.hypot(re, im)) / samples.length;
}

test('who comes in hears the bot that has the place of one who was alone, and is heard by it', async () => {
  const alone = await enter('first', { job: 'one', revision: 1 });
  closing.push(() => alone.client.release());
  const bot = await enter('second', { job: 'one', revision: 2 });
  const person = await enter('first');
  const ears = [Ear.of(bot.client), Ear.of(person.client)] as const;
  const voices = [bot.run(), person.run()];
  await Promise.all([ears[0].hears('first'), ears[1].hears('second')]);
  await Promise.all([bot.stop(), person.stop()]);
  await Promise.allSettled(voices);
});

test('the former bot speaks on while the next one fails after it has joined', async () => {
  const ear = await Ear.join();
  const first = await worker('first');
  const job = await dispatch();
  await ear.hears('first');
  let tries = 0;
  const failing = speaker('second', async () => {
    await ear.hears('first');
    if (++tries === 1) throw new Error('no such model');
  });
  await worker('second', { factories: { speaker: failing }, moves: { pauseMs: 100 } });
  const failure = job.until(({ moveFailure }) => moveFailure !== null);
  const drained = first.drain();
  expect(await failure).toMatchObject({
    state: 'queued',
    moveFailure: { message: expect.stringMatching(/no such model/) },
  });
  await ear.hears('first');
  await drained;
  await ear.hears('second');
  expect(tries).toBe(2);
  expect(ear.heard).not.toContain('first and second');
  await job.cancel();
});

test('of a job whose worker is cut off from NATS one bot is heard, and then the other', async () => {
  const ears = await Promise.all([Ear.join(), Ear.join()]);
  const relay = await TcpRelay.open({ port: server.port });
  closing.push(() => relay.close());
  const first = await worker('first', { nats: await connection(relay.port), leaseMs: 400 });
  const job = await dispatch();
  await job.started();
  const second = await worker('second', { leaseMs: 400 });
  await Promise.all(ears.map((ear) => ear.hears('first')));
  // Its media goes another way.
  await relay.cut();
  await Promise.all(ears.map((ear) => ear.hears('second')));
  // It cannot know, and speaks to nobody.
  expect([first.jobs, second.jobs]).toEqual([['one'], ['one']]);
  for (const { heard } of ears) {
    expect(heard).not.toContain('first and second');
    expect(heard.slice(heard.indexOf('second'))).not.toContain('first');
  }
  relay.restore();
  await job.cancel();
});
