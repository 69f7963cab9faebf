import { AudioFrame as Audio, type AudioFrame, type Graph, graph, micros, pushSource } from '@sluice/core';
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
import { Daily, toMicrophone } from '@sluice/transport';
import { type VirtualMediaHost, virtualMediaHost } from '@sluice/transport/testing';
import { DeviceRegistry, setCurrentDevices } from '../packages/transport/src/devices/registry.ts';

type Stretches = readonly (readonly [fromMs: number, toMs: number])[];

/** A person: silent but for the stretches given, in milliseconds of the clock. */
function person(clock: VirtualClock, stretches: Stretches) {
  return pushSource<AudioFrame>(
    { name: 'person', live: true, format: { kind: 'audio', sampleRate: 16_000, channels: 1 } },
    (destination) => {
      let index = 0;
      const start = clock.now();
      let cancel = () => {};
      const tick = () => {
        const at = index * 20;
        const speaks = stretches.some(([from, to]) => at >= from && at < to);
        const samples = new Int16Array(320);
        if (speaks) for (let i = 0; i < 320; i++) samples[i] = 8_000 * Math.sin((index * 320 + i) / 6);
        destination.next(new Audio({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(at * 1_000) }));
        index++;
        cancel = clock.at(start + (index + 1) * 20, tick);
      };
      cancel = clock.at(start + 20, tick);
      return () => cancel();
    },
  );
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
  readonly clock = new VirtualClock();
  readonly events: AgentEvent[] = [];
  readonly agent: VoiceAgent;
  readonly bot: Graph;
  readonly #host: VirtualMediaHost;

  static async begin(
    stretches: Stretches,
    texts: readonly string[],
    options: Partial<VoiceAgentOptions> & Pick<VoiceAgentOptions, 'model'>,
  ): Promise<VirtualConversation> {
    const conversation = new VirtualConversation(stretches, texts, options);
    await conversation.bot.start();
    return conversation;
  }

  private constructor(
    stretches: Stretches,
    texts: readonly string[],
    options: Partial<VoiceAgentOptions> & Pick<VoiceAgentOptions, 'model'>,
  ) {
    const { clock } = this;
    this.#host = virtualMediaHost(clock);
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => this.#host }));
    const microphone = Daily.createMicrophoneDevice('agent', { sampleRate: 16_000, channels: 1 });
    microphone.input.use().set('heard');
    this.bot = graph('agent', { clock });
    this.agent = voiceAgent(this.bot, {
      hears: this.bot.from(person(clock, stretches)),
      speaks: toMicrophone(microphone),
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

  /** What the log has, a line each. */
  get lines(): string[] {
    return this.agent.log.entries.map(({ who, text }) => `${who}: ${text}`);
  }

  /** What the agent's microphone has sent so far, at 16 kHz. */
  get sent(): Int16Array {
    return this.#host.sent[0]?.samples ?? new Int16Array(0);
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
    this.agent.end();
    this.bot.abort();
    await this.clock.advance(100);
    setCurrentDevices(undefined);
  }
}
