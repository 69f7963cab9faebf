import { graph, realClock } from '@sluice/core';
import { remix } from '@sluice/nodes';
import { CallClient, fromParticipantAudio, toMicrophone } from '@sluice/transport';
import { type ImpairedPath, impair, probeSignal, TcpRelay } from '@sluice/transport/testing';
import { createMicrophone } from '../../../packages/transport/src/devices/create-devices.ts';
import type { DeviceRegistry } from '../../../packages/transport/src/devices/registry.ts';
import { HeardProbe } from './heard-probe.ts';

const RATE = 16_000;
/**
 * In `'speech'`, Opus spends bits on error correction once a far side has told of loss, and chords come out distorted for minutes
 * after a cut, of which this signal is made.
 */
const publishing = { microphone: { sendSettings: { channelConfig: 'stereo', bitrate: 64_000 } } } as const;

export interface SoakBotOptions {
  readonly index: number;
  readonly port: number;
  readonly devices: DeviceRegistry;
}

/** Plays a probe signal of its own into a room, through relays that can be cut, and hears who else is there. */
export class SoakBot {
  readonly index: number;
  readonly client: CallClient;
  readonly devices: DeviceRegistry;
  heard: HeardProbe | undefined;
  media: ImpairedPath | undefined;
  signalling: TcpRelay | undefined;
  readonly #port: number;
  readonly #device: string;
  readonly #graph;

  constructor({ index, port, devices }: SoakBotOptions) {
    this.index = index;
    this.devices = devices;
    this.#port = port;
    this.#device = `bot-${index}`;
    this.client = new CallClient({ devices });
    const microphone = createMicrophone(() => devices, this.#device, { sampleRate: RATE, channels: 1 });
    this.#graph = graph(this.#device);
    this.#graph.from(probeSignal({ sampleRate: RATE, seed: this.seed })).to(toMicrophone(microphone));
  }

  /** Those of one room differ, and so do those of two who change places. */
  get seed(): number {
    return this.index % 11;
  }

  get id(): string {
    return this.client.participants().local.id;
  }

  async start(): Promise<void> {
    this.signalling = await TcpRelay.open({ port: this.#port });
    await this.#graph.start();
  }

  /** Enters a room. Only every second bot has a network that can be cut: one relay on a way is enough. */
  async join(room: string): Promise<void> {
    if (this.index % 2 === 0) this.media = await impair(this.client, { seed: this.index });
    const url = `http://127.0.0.1:${this.signalling!.port}/${room}`;
    await this.client.join(url, { userName: this.#device, clientSettings: { inputs: this.#inputs(true), publishing } });
  }

  /** Hears somebody from now on. */
  listen(to: SoakBot): void {
    const heard = new HeardProbe(to.seed, RATE, realClock.now());
    this.heard = heard;
    fromParticipantAudio(this.client, to.id, { sampleRate: RATE, callbackIntervalMs: 20 })
      .pipe(remix({ channels: 1 }))
      .subscribe((frame) => {
        if (this.heard === heard) heard.push(frame.samples, realClock.now());
        frame.close();
      });
  }

  async mute(muted: boolean): Promise<void> {
    await this.client.updateInputs(this.#inputs(!muted));
  }

  async leave(): Promise<void> {
    this.heard?.close();
    this.heard = undefined;
    await this.client.leave();
    this.media?.close();
    this.media = undefined;
  }

  async close(): Promise<void> {
    this.#graph.abort();
    await this.leave().catch(() => {});
    await this.client.release();
    await this.signalling?.close();
  }

  #inputs(isEnabled: boolean) {
    return { camera: false, microphone: { isEnabled, settings: { deviceId: this.#device } } } as const;
  }
}
