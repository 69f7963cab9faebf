import { type AudioFrame, graph } from '@sluice/core';
import {
  type BotContext,
  connectNats,
  type Fleet,
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

const RATE = 48_000;
/** 10 ms, in which the tones of all workers are told apart. */
const WINDOW = RATE / 100;
const HZ = { first: 400, second: 1_000 } as const;
/** Of a worker, whose bots all speak in its tone. */
export type Name = keyof typeof HZ;
const AMPLITUDE = 0.25;
/** Of one tone: what a cut in the middle of a window shows at the pitch of the other is a third of this. */
const LOUD = 0.2 * AMPLITUDE * 32_767;
const secret = 'a secret of thirty-two bytes or more, for tests';
const audience = 'sluice';

/** A fleet whose bots speak in rooms of a server of their own, where others hear which worker's bots speak. */
export class SpokenFleet implements AsyncDisposable {
  readonly #closing: (() => Promise<void>)[] = [];
  readonly #leaving: Promise<void>[] = [];

  readonly server: LocalNats;
  readonly rooms: RoomServer;

  private constructor(server: LocalNats, rooms: RoomServer) {
    this.server = server;
    this.rooms = rooms;
  }

  static async open(): Promise<SpokenFleet> {
    const server = await startNats();
    const rooms = await startRoomServer({ tokens: meetingTokens({ secrets: [secret], audience, guests: true }) });
    Daily.init();
    return new SpokenFleet(server, rooms);
  }

  /** Before all else ends, the latest first. */
  closes(one: () => Promise<void>): void {
    this.#closing.push(one);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
    await Promise.all(this.#leaving.splice(0));
    await Daily.deinit();
    await this.rooms.close();
    await this.server.close();
  }

  /** Somebody in a room who speaks a tone from `run()` on, and may be the bot of a job. */
  async enter(name: Name, room: string, lease?: JoinLease) {
    const deviceId = `${name}-${room}-${lease?.revision}`;
    const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate: RATE });
    const client = new CallClient();
    const inputs = { microphone: { isEnabled: true, settings: { deviceId } } };
    const token = await createMeetingToken({ secret, audience, room, ...(lease && { job: lease.job }) });
    await client.join(this.rooms.roomUrl(room), { token, ...(lease && { lease }), clientSettings: { inputs } });
    const voice = graph(deviceId);
    voice
      .from(fromTone({ frequency: HZ[name], amplitude: AMPLITUDE, sampleRate: RATE, live: true }))
      .to(toMicrophone(microphone));
    return { client, run: () => voice.run(), stop: async () => voice.abort() };
  }

  /** A bot that speaks the tone of its worker. `joined` is awaited in its factory, when it is in the room. */
  speaker(name: Name, room: string, joined: () => void | Promise<void> = () => {}) {
    return async ({ lease, signal }: BotContext) => {
      const { client, run, stop } = await this.enter(name, room, lease);
      // Of all ends: it was cancelled, replaced or not built after all.
      signal.addEventListener('abort', () => this.#leaving.push(client.release()));
      await joined();
      return { run, stop };
    };
  }

  async connection(port = this.server.port): Promise<FleetConnection> {
    const nats = await connectNats({ servers: `nats://127.0.0.1:${port}` });
    this.closes(() => nats.close());
    return nats;
  }

  /** On a busy machine it takes jobs as well. */
  async worker(name: Name, options: Pick<WorkerOptions, 'factories'> & Partial<WorkerOptions>): Promise<FleetWorker> {
    const limits = { lagMs: 5_000, cpu: 10, memoryMb: 16_000 };
    const started = await startWorker({ nats: options.nats ?? (await this.connection()), name, limits, ...options });
    this.closes(() => started.close());
    return started;
  }

  async desk(): Promise<Fleet> {
    const fleet = await openFleet({ nats: await this.connection() });
    this.closes(() => fleet.close());
    return fleet;
  }

  /** Somebody who hears a room from now on. */
  async listen(room: string): Promise<Ear> {
    const client = new CallClient();
    const ear = this.earOf(client);
    await client.join(this.rooms.roomUrl(room));
    return ear;
  }

  /** What somebody hears, who leaves with the fleet. */
  earOf(client: CallClient): Ear {
    const ear = new Ear(client);
    this.closes(() => ear.leave());
    return ear;
  }
}

/** Whom somebody in a room hears, window by window of its samples. */
export class Ear {
  /** The workers that are heard, `first and second` where both are, empty where nobody is. 10 ms each. */
  readonly heard: string[] = [];
  readonly #client: CallClient;
  readonly #hearing: { unsubscribe(): void };
  #rest: number[] = [];
  #waits: (() => void)[] = [];

  constructor(client: CallClient) {
    this.#client = client;
    this.#hearing = fromCall(client, { sampleRate: RATE }).subscribe((frame) => this.#take(frame));
  }

  async leave(): Promise<void> {
    this.#hearing.unsubscribe();
    await this.#client.release();
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
