import { realClock, sleep } from '@sluice/core';
import { CallClient, fromParticipantAudio } from '@sluice/transport';
import { createMicrophone } from '../../../packages/transport/src/devices/create-devices.ts';
import type { DeviceRegistry } from '../../../packages/transport/src/devices/registry.ts';
import { RATE } from '../spoken-words.ts';
import { FarLetters } from './far-letters.ts';
import { TimesDeaf } from './times-deaf.ts';
import { cough, spell } from './tone-words.ts';

/** How long somebody may take to hear the agent after they came, in milliseconds. */
const HEARS_MS = 15_000;

export interface RealPersonOptions {
  readonly name: string;
  /** Unique among the devices. */
  readonly device: string;
  readonly devices: DeviceRegistry;
  readonly url: string;
  readonly agentId: string;
}

/** Somebody in a real call, who comes and goes, speaks in tones and writes down what they hear. */
export class RealPerson {
  readonly heard = new FarLetters();
  readonly deaf = new TimesDeaf();
  readonly client: CallClient;
  readonly #options: RealPersonOptions;
  readonly #microphone;
  /** Ends the deafness of one who is not there. */
  #absent = this.deaf.begin();
  #moving: Promise<void> = Promise.resolve();

  constructor(options: RealPersonOptions) {
    const { name, device, devices } = options;
    this.#options = options;
    this.#microphone = createMicrophone(() => devices, device, { sampleRate: RATE, channels: 1, cushionMs: 0 });
    this.client = new CallClient({ devices });
    this.client.setUserName(name);
  }

  get present(): boolean {
    return this.client.callState === 'joined';
  }

  /** Comes; resolves when they hear the agent. What is under way is over before. */
  join(): Promise<void> {
    return this.#then(async () => {
      if (this.present) return;
      const { url, agentId } = this.#options;
      const inputs = {
        camera: false,
        microphone: { isEnabled: true, settings: { deviceId: this.#options.device } },
      } as const;
      const since = realClock.now();
      await this.client.join(url, { clientSettings: { inputs } });
      fromParticipantAudio(this.client, agentId, { sampleRate: RATE, callbackIntervalMs: 10 }).subscribe((frame) => {
        this.heard.hear(frame);
        frame.close();
      });
      while (this.heard.lastFrameAt < since && realClock.now() < since + HEARS_MS) await sleep(realClock, 20);
      this.#absent();
    });
  }

  leave(): Promise<void> {
    return this.#then(async () => {
      if (!this.present) return;
      this.#absent = this.deaf.begin();
      await this.client.leave();
      this.heard.finish();
    });
  }

  /** Says a text, once if `ms` is not given, else so often that it takes so long. */
  speak(text: string, ms?: number): void {
    const { samples } = spell(ms === undefined ? text : `${text} `.repeat(Math.ceil(ms / 300)));
    this.#say(ms === undefined ? samples : samples.subarray(0, (ms * RATE) / 1_000));
  }

  cough(ms: number, seed: number): void {
    this.#say(cough(ms, seed));
  }

  hush(): void {
    void this.#microphone.clear();
  }

  async close(): Promise<void> {
    await this.#moving.catch(() => {});
    await this.client.release();
    this.#options.devices.destroy(this.#options.device);
    this.heard.finish();
  }

  /** Whoever is not there says nothing. */
  #say(samples: Int16Array): void {
    if (!this.present) return;
    this.#microphone.write(samples);
    this.#microphone.flush();
  }

  #then(work: () => Promise<void>): Promise<void> {
    this.#moving = this.#moving.then(work);
    return this.#moving;
  }
}
