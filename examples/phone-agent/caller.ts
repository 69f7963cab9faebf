// Somebody who rings up: a voice, an ear, and Twilio between them and the agent.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Resampler } from '@sluice/core/kernels';
import { flite } from '@sluice/plugin-flite';
import { spokenBy } from '@sluice/plugin-openai/testing';
import { TwilioCaller } from '@sluice/plugin-websocket/testing';
import { WebSocket } from 'ws';

/** Louder than this is speech. */
const LEVEL = 500;

export class Caller {
  readonly #socket: WebSocket;
  readonly #line: TwilioCaller;
  readonly #voice = spokenBy(flite({ voice: 'slt' }));

  static async dial(url: string): Promise<Caller> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new Caller(socket);
  }

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#line = new TwilioCaller(socket);
  }

  /** What was heard of the agent, at 8 kHz. */
  get heard(): Int16Array {
    return this.#line.heard;
  }

  get playedMs(): number {
    return this.#line.played / 8;
  }

  /** How often the agent took back what it had sent. */
  get clears(): number {
    return this.#line.clears;
  }

  /** Says a sentence, to its end. */
  async says(text: string): Promise<void> {
    await this.#line.say(narrow(await this.#voice(text)));
  }

  press(digit: string): void {
    this.#line.press(digit);
  }

  /** Resolves when so many seconds of speech have been heard from now on. */
  async hearsMore(seconds: number): Promise<void> {
    const { length } = this.heard;
    while (speechSeconds(this.heard.subarray(length)) < seconds) await sleep(50);
  }

  async hangUp(): Promise<void> {
    this.#line.hangUp();
    await once(this.#socket, 'close');
  }
}

function narrow(samples: Int16Array): Int16Array {
  const resampler = new Resampler({ inputRate: 16_000, outputRate: 8_000, channels: 1 });
  return resampler.process(samples);
}

/** Counted in stretches of 20 ms. */
function speechSeconds(samples: Int16Array): number {
  let stretches = 0;
  for (let at = 0; at < samples.length; at += 160)
    if (samples.subarray(at, at + 160).some((sample) => Math.abs(sample) > LEVEL)) stretches++;
  return stretches / 50;
}
