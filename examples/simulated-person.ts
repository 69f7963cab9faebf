// A person without a person: a voice in a call, and a conversation of its own with an agent.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Graph, graph } from '@sluice/core';
import { type AgentEvent, fromFrames, SayQueue, speak } from '@sluice/nodes';
import { type FliteVoice, flite } from '@sluice/plugin-flite';
import { CallClient, Daily, toMicrophone } from '@sluice/transport';

/** Longest that a reply may keep the person waiting, in milliseconds. */
const PATIENCE_MS = 15_000;

/** What the person says, and what becomes of the reply. */
export interface Line {
  readonly say: string;
  /** The next line comes so long after the reply was heard to begin, in milliseconds. Default: when it is over. */
  readonly interruptAfterMs?: number;
}

export class SimulatedPerson {
  readonly client = new CallClient();
  readonly #bot: Graph;
  readonly #queue: SayQueue;
  readonly #name: string;

  constructor(name: string, voice: FliteVoice = 'slt') {
    this.#name = name;
    this.client.setUserName(name);
    const sink = toMicrophone(Daily.createMicrophoneDevice(name, { sampleRate: 16_000, channels: 1 }));
    this.#bot = graph(name);
    this.#queue = new SayQueue({ clock: this.#bot.clock, receipt: (id) => sink.utterance(id) });
    const mouth = this.#bot.add(speak({ synthesizer: flite({ voice }) }));
    this.#bot.from(fromFrames(this.#queue.frames(), { external: false })).to(mouth.in.in);
    mouth.out.spoken.to({ next: this.#queue.onSpoken });
    mouth.out.audio.to(sink);
  }

  async join(url: string): Promise<void> {
    await this.#bot.start();
    const devices = { camera: false, microphone: { isEnabled: true, settings: { deviceId: this.#name } } } as const;
    const heard = this.#somebodyIsHeard();
    await this.client.join(url, { clientSettings: { inputs: devices } });
    await heard;
    // The jitter buffers find their size meanwhile.
    await sleep(1_000);
  }

  /** Resolves when its last sample has left. */
  async say(text: string): Promise<void> {
    await this.#queue.say(text).finished;
  }

  /** Says one line after the other to an agent, whose events are added to `events` as they come. */
  async converse(lines: readonly Line[], events: readonly AgentEvent[]): Promise<void> {
    for (const { say, interruptAfterMs } of lines) {
      const from = events.length;
      const states = () => events.slice(from).filter((event) => event.type === 'state');
      await this.say(say);
      await until(() => states().some(({ state }) => state === 'speaking'));
      if (interruptAfterMs !== undefined) await sleep(interruptAfterMs);
      else await until(() => states().at(-1)?.state === 'listening');
    }
  }

  /** Resolves with the first sound of somebody else, be it silence: then the way is open both ways. */
  #somebodyIsHeard(): Promise<void> {
    return new Promise((resolve) => {
      this.client.on('participant-joined', ({ participant: { id } }) => {
        this.client.setAudioRenderer(id, (_, frame) => {
          frame.close();
          resolve();
        });
      });
    });
  }

  async leave(): Promise<void> {
    this.#queue.close();
    await this.#bot.stop();
    await this.client.release();
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS && !holds(); waited += 20) await sleep(20);
}
