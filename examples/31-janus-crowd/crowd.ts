import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AudioFrame, graph } from '@sluice/core';
import { fromTone } from '@sluice/nodes';
import { CallClient, Daily, toMicrophone } from '@sluice/transport';

const LOUD = 500;
/** Until what has just begun is heard evenly. */
const SETTLE_MS = 4_000;

/** What a stretch of time was like. */
export interface Stretch {
  /** Of what all who listen should have heard, the share that they did. */
  readonly heard: number;
  /** Cores of the whole machine, the server included. */
  readonly cores: number;
}

/** Publishers and subscribers, spread over rooms, all of them in this process. Each subscriber takes one publisher's sound. */
export class Crowd {
  readonly #urls: readonly string[];
  readonly #publishers: CallClient[] = [];
  readonly #subscribers: CallClient[] = [];
  readonly #tone: Promise<void>;
  #heardMs = 0;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
    const microphone = Daily.createMicrophoneDevice('tone', { sampleRate: 48_000 });
    const tone = graph('tone');
    tone.from(fromTone({ frequency: 440, sampleRate: 48_000, live: true })).to(toMicrophone(microphone));
    this.#tone = tone.start();
  }

  /** Lets more come until there are so many. */
  async grow(publishers: number, subscribers: number): Promise<void> {
    await this.#tone;
    const inputs = { microphone: { isEnabled: true, settings: { deviceId: 'tone' } }, camera: false } as const;
    while (this.#publishers.length < publishers) {
      const at = this.#publishers.length;
      const client = await this.#come(at, { userName: `speaker ${at}`, clientSettings: { inputs } });
      this.#publishers.push(client);
    }
    while (this.#subscribers.length < subscribers) {
      const at = this.#subscribers.length % this.#publishers.length;
      const client = await this.#come(at, { userName: 'listener' });
      const speaker = this.#publishers[at]!.participants().local.id;
      await client.updateSubscriptions({ [speaker]: { media: { microphone: 'subscribed' } } });
      client.setAudioRenderer(speaker, (_, frame) => this.#take(frame), { sampleRate: 16_000 });
      this.#subscribers.push(client);
    }
  }

  /** Listens for a while. */
  async listen(ms: number): Promise<Stretch> {
    await sleep(SETTLE_MS);
    const [heard, busy, begun] = [this.#heardMs, busyMs(), performance.now()];
    await sleep(ms);
    const took = performance.now() - begun;
    return {
      heard: (this.#heardMs - heard) / (took * this.#subscribers.length),
      cores: (busyMs() - busy) / took,
    };
  }

  async leave(): Promise<void> {
    await Promise.all([...this.#subscribers, ...this.#publishers].map((client) => client.release()));
  }

  /** @param at which publisher, who is in one of the rooms. */
  async #come(
    at: number,
    options: { readonly userName: string; readonly clientSettings?: object },
  ): Promise<CallClient> {
    const client = new CallClient();
    await client.updateSubscriptionProfiles({ base: { microphone: 'unsubscribed', camera: 'unsubscribed' } });
    await client.join(this.#urls[at % this.#urls.length]!, options);
    return client;
  }

  #take(frame: AudioFrame): void {
    if (frame.samples.some((sample) => Math.abs(sample) > LOUD)) this.#heardMs += frame.samples.length / 16;
    frame.close();
  }
}

function busyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}
