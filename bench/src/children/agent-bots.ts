import { graph } from '@sluice/core';
import { fakeLanguageModel, fakeRecognizer, fakeSynthesizer, fakeVoiceDetector } from '@sluice/core/voice';
import { voiceAgent } from '@sluice/nodes';
import { CallClient, Daily, fromCall, toMicrophone } from '@sluice/transport';
import { serve } from './serve.ts';
import { type SeenTicks, TickWatch } from './tick-watch.ts';

const sampleRate = 16_000;
const ticks = new TickWatch();
let turns = 0;

export interface AgentsSeen extends SeenTicks {
  readonly turns: number;
}

serve({
  /** One agent of fakes for each room. */
  async join(urls: readonly string[], name: string): Promise<void> {
    Daily.init();
    await Promise.all(urls.map((url, index) => join(url, `${name}-${index}`)));
  },

  begin(): void {
    ticks.start();
    turns = 0;
  },

  seen: (): AgentsSeen => ({ ...ticks.seen, turns }),
});

async function join(url: string, deviceId: string): Promise<void> {
  const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate });
  const client = new CallClient();
  const bot = graph(deviceId);
  const agent = voiceAgent(bot, {
    hears: bot.from(fromCall(client, { sampleRate })),
    speaks: toMicrophone(microphone),
    detector: fakeVoiceDetector(),
    recognizer: fakeRecognizer({ texts: () => 'hello there' }),
    model: fakeLanguageModel({ reply: () => 'Hello, what can I do for you today?' }),
    synthesizer: fakeSynthesizer(),
    onEvent: ({ type }) => {
      if (type === 'turn') turns++;
    },
  });
  await agent.prefetch();
  await bot.start();
  const inputs = { camera: false as const, microphone: { isEnabled: true, settings: { deviceId } } };
  await client.join(url, { clientSettings: { inputs } });
}
