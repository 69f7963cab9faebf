// A second bot that plays the person: it speaks by a synthesizer into the call, and records what it hears.
import { type Graph, graph } from '@sluice/core';
import {
  type ConversationRecording,
  fromFrames,
  recordConversation,
  remix,
  SayQueue,
  type Spoken,
  speak,
  toWavFile,
} from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { CallClient, Daily, fromCall, type PlayoutSink, toMicrophone } from '@sluice/transport';

const sampleRate = 16_000;

/** Swaps the channels: what the person says is at the left of the recording. */
const swapped = [
  [0, 1],
  [1, 0],
];

export class Person {
  readonly #client = new CallClient();
  readonly #bot: Graph = graph('person');
  readonly #sink: PlayoutSink;
  readonly #queue: SayQueue;
  readonly #recording: ConversationRecording;
  readonly #file;

  constructor(path: string) {
    const microphone = Daily.createMicrophoneDevice('person-voice', { sampleRate, channels: 1 });
    const { clock } = this.#bot;
    this.#sink = toMicrophone(microphone);
    this.#queue = new SayQueue({ clock, receipt: (id) => this.#sink.utterance(id) });
    this.#recording = recordConversation({ clock, sampleRate });
    this.#file = toWavFile(path);

    const voice = this.#bot.add(speak({ synthesizer: flite({ voice: 'slt' }) }));
    this.#bot.from(fromFrames(this.#queue.frames(), { external: false })).to(voice.in.in);
    voice.out.spoken.to({ next: this.#queue.onSpoken });
    voice.out.audio.to(this.#sink);
    voice.out.audio.to(this.#recording.said((id) => this.#sink.utterance(id)));
    this.#bot.from(fromCall(this.#client, { sampleRate })).to(this.#recording.heard);
    this.#bot
      .from(this.#recording.stereo)
      .pipe(remix({ channels: 2, matrix: swapped }))
      .to(this.#file);
  }

  /** The clock at the first sample of the recording, in milliseconds. */
  get startMs(): number {
    return this.#recording.startMs;
  }

  async join(url: string): Promise<void> {
    await this.#bot.start();
    const devices = { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'person-voice' } } } as const;
    await this.#client.join(url, { clientSettings: { inputs: devices } });
  }

  /** Says a line; resolves when its last sample has left. */
  say(text: string): Promise<Spoken> {
    return this.#queue.say(text).finished;
  }

  async leave(): Promise<void> {
    this.#queue.close();
    this.#recording.end();
    await this.#client.leave();
    await this.#bot.stop();
    await this.#file.finished;
    await this.#client.release();
  }
}
