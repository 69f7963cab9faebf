import {
  AudioFrame as Audio,
  type AudioFrame,
  type Clock,
  type Graph,
  graph,
  micros,
  pushSource,
  type Source,
} from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import {
  defineVoiceModel,
  fakeRecognizer,
  fakeSynthesizer,
  fakeVoiceDetector,
  type LanguageModel,
  type LanguageModelEvent,
  type Message,
  type ReplyRequest,
  type SessionContext,
} from '@sluice/core/voice';
import { type AgentEvent, type VoiceAgent, type VoiceAgentOptions, voiceAgent } from '@sluice/nodes';
import { Daily, type PlayoutSink, toMicrophone } from '@sluice/transport';
import { type VirtualMediaHost, virtualMediaHost } from '@sluice/transport/testing';
import { DeviceRegistry, setCurrentDevices } from '../packages/transport/src/devices/registry.ts';

/** From when to when, in milliseconds. */
export type Stretch = readonly [fromMs: number, toMs: number];

export interface VirtualPersonOptions {
  /** Hz. Default 16,000. */
  readonly sampleRate?: number;
  /** Nothing at all comes of them in this stretch. */
  readonly gone?: Stretch;
}

/** A person: silent but for the stretches given, in milliseconds since somebody listens. */
export function virtualPerson(
  clock: Clock,
  stretches: readonly Stretch[],
  { sampleRate = 16_000, gone = [0, 0] }: VirtualPersonOptions = {},
): Source<AudioFrame> {
  return pushSource<AudioFrame>(
    { name: 'person', live: true, format: { kind: 'audio', sampleRate, channels: 1 } },
    (destination) => {
      const length = sampleRate / 50;
      const start = clock.now();
      const isIn = (at: number, [from, to]: Stretch) => at >= from && at < to;
      let index = 0;
      let cancel = () => {};
      const tick = () => {
        const at = index * 20;
        const samples = new Int16Array(length);
        if (stretches.some((stretch) => isIn(at, stretch)))
          // 424 Hz
          for (let i = 0; i < length; i++)
            samples[i] = 8_000 * Math.sin((8_000 * (index * length + i)) / (3 * sampleRate));
        index++;
        cancel = clock.at(start + (index + 1) * 20, tick);
        if (!isIn(at, gone))
          destination.next(new Audio({ samples, sampleRate, channels: 1, timestamp: micros(at * 1_000) }));
      };
      cancel = clock.at(start + 20, tick);
      return () => cancel();
    },
  );
}

/** A clock and devices in virtual time, for as long as a test takes. */
export class VirtualStudio {
  readonly clock = new VirtualClock();
  readonly #host: VirtualMediaHost = virtualMediaHost(this.clock);

  constructor() {
    setCurrentDevices(new DeviceRegistry({ clock: this.clock, createHost: () => this.#host }));
  }

  /** A microphone that somebody hears, for an agent to speak into. */
  microphone(sampleRate = 16_000): PlayoutSink {
    const microphone = Daily.createMicrophoneDevice('agent', { sampleRate, channels: 1 });
    microphone.input.use().set('heard');
    return toMicrophone(microphone);
  }

  /** What the first microphone has sent so far. */
  get sent(): Int16Array {
    return this.#host.sent[0]?.samples ?? new Int16Array(0);
  }

  /** Whether it sent sound between two moments, in milliseconds. */
  sounds(fromMs: number, toMs: number, sampleRate = 16_000): boolean {
    const rate = sampleRate / 1_000;
    return this.sent.subarray(fromMs * rate, toMs * rate).some((sample) => Math.abs(sample) > 200);
  }

  /** Ends what lives in it, and takes the devices away. */
  async close(agent?: { end(): void }, bot?: Graph): Promise<void> {
    agent?.end();
    bot?.abort();
    await this.clock.advance(100);
    setCurrentDevices(undefined);
  }
}

/** A model that does with each request what the test says, and remembers what it was told. */
export function scriptedModel(
  write: (request: ReplyRequest, context: SessionContext<LanguageModelEvent, object>) => void,
): { readonly model: LanguageModel; readonly told: (readonly Message[])[] } {
  const told: (readonly Message[])[] = [];
  const model = defineVoiceModel({
    kind: 'language-model',
    name: 'scripted',
    latencyMs: 0,
    settings: {},
    start: (context) => ({
      write: (request) => {
        told.push(structuredClone(request.messages) as Message[]);
        write(request, context);
      },
    }),
  });
  return { model, told };
}

/** An agent and a person, in virtual time, on a virtual device. */
export class VirtualConversation implements AsyncDisposable {
  readonly events: AgentEvent[] = [];
  readonly agent: VoiceAgent;
  readonly bot: Graph;
  readonly #studio = new VirtualStudio();

  static async begin(
    stretches: readonly Stretch[],
    texts: readonly string[],
    options: Partial<VoiceAgentOptions> & Pick<VoiceAgentOptions, 'model'>,
  ): Promise<VirtualConversation> {
    const conversation = new VirtualConversation(stretches, texts, options);
    await conversation.bot.start();
    return conversation;
  }

  private constructor(
    stretches: readonly Stretch[],
    texts: readonly string[],
    options: Partial<VoiceAgentOptions> & Pick<VoiceAgentOptions, 'model'>,
  ) {
    const { clock } = this;
    this.bot = graph('agent', { clock });
    this.agent = voiceAgent(this.bot, {
      hears: this.bot.from(virtualPerson(clock, stretches)),
      speaks: this.#studio.microphone(),
      detector: fakeVoiceDetector(),
      recognizer: fakeRecognizer({ texts }),
      synthesizer: fakeSynthesizer(),
      ...options,
      onEvent: (event) => {
        this.events.push(event);
        options.onEvent?.(event);
      },
    });
  }

  get clock(): VirtualClock {
    return this.#studio.clock;
  }

  /** What the log has, a line each. */
  get lines(): string[] {
    return this.agent.log.entries.map(({ who, text }) => `${who}: ${text}`);
  }

  /** What the agent's microphone has sent so far, at 16 kHz. */
  get sent(): Int16Array {
    return this.#studio.sent;
  }

  /** The longest silence in what was sent between two moments, in milliseconds. */
  longestSilenceMs(fromMs: number, toMs: number): number {
    const sound = this.sent.subarray(fromMs * 16, toMs * 16);
    let [longest, silent] = [0, 0];
    for (const sample of sound) {
      silent = Math.abs(sample) > 50 ? 0 : silent + 1;
      longest = Math.max(longest, silent);
    }
    return longest / 16;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#studio.close(this.agent, this.bot);
  }
}
