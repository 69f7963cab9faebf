import { graph } from '@sluice/core';
import type { Synthesizer } from '@sluice/core/voice';
import { fromFrames, SayQueue, speak } from '@sluice/nodes';
import { CallClient, Daily, toMicrophone } from '@sluice/transport';

/** Somebody with a microphone and a synthesized voice, who may go and come back. */
export class Person {
  readonly name: string;
  readonly #url: string;
  readonly #client = new CallClient();
  readonly #bot;
  readonly #queue: SayQueue;

  constructor(url: string, name: string, synthesizer: Synthesizer) {
    this.name = name;
    this.#url = url;
    this.#bot = graph(name.toLowerCase());
    const sink = toMicrophone(Daily.createMicrophoneDevice(name, { sampleRate: 16_000, channels: 1 }));
    this.#queue = new SayQueue({ clock: this.#bot.clock, receipt: (id) => sink.utterance(id) });
    const mouth = this.#bot.add(speak({ synthesizer }));
    this.#bot.from(fromFrames(this.#queue.frames(), { external: false })).to(mouth.in.in);
    mouth.out.spoken.to({ next: this.#queue.onSpoken });
    mouth.out.audio.to(sink);
  }

  start(): Promise<void> {
    return this.#bot.start();
  }

  async join(): Promise<void> {
    const inputs = { camera: false, microphone: { isEnabled: true, settings: { deviceId: this.name } } } as const;
    await this.#client.join(this.#url, { userName: this.name, clientSettings: { inputs } });
  }

  leave(): Promise<void> {
    return this.#client.leave();
  }

  /** Resolves when the last sample has left. */
  async say(text: string): Promise<void> {
    await this.#queue.say(text).finished;
  }

  async close(): Promise<void> {
    this.#queue.close();
    await this.#bot.stop();
    await this.#client.release();
  }
}
