import { performance } from 'node:perf_hooks';
import { graph, realClock } from '@sluice/core';
import { fakeLanguageModel, fakeRecognizer, fakeSynthesizer, fakeVoiceDetector } from '@sluice/core/voice';
import { voiceAgent } from '@sluice/nodes';
import { CallClient, Daily, fromCall, toMicrophone } from '@sluice/transport';
import { serve } from './serve.ts';

const sampleRate = 16_000;
const tickMs = 10;
let late: number[] = [];
let turns = 0;
let use = performance.eventLoopUtilization();

export interface AgentsSeen {
  /** How late ticks of 10 ms came, in milliseconds. */
  readonly late: readonly number[];
  readonly turns: number;
  /** How much of the time the event loop was busy, 0 to 1. */
  readonly busy: number;
}

serve({
  /** One agent of fakes for each room. */
  async join(urls: readonly string[], name: string): Promise<void> {
    Daily.init();
    await Promise.all(urls.map((url, index) => join(url, `${name}-${index}`)));
    watch();
  },

  begin(): void {
    late = [];
    turns = 0;
    use = performance.eventLoopUtilization();
  },

  seen: (): AgentsSeen => ({ late, turns, busy: performance.eventLoopUtilization(use).utilization }),
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

/** What paces media in this process is as late as this. */
function watch(): void {
  let due = realClock.now() + tickMs;
  const tick = () => {
    late.push(realClock.now() - due);
    due = Math.max(due + tickMs, realClock.now());
    realClock.at(due, tick);
  };
  realClock.at(due, tick);
}
