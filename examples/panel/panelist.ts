// One of two agents: it hears everybody apart, answers who says its name, and knows who asked what.
import { graph } from '@sluice/core';
import { fakeLanguageModel, type Message } from '@sluice/core/voice';
import { type AgentEvent, backChannels, byName, silence, type VoiceAgent, voiceAgent } from '@sluice/nodes';
import { agentUserData, CallClient, Daily, followSpeakers, toMicrophone } from '@sluice/transport';
import type { Models } from './models.ts';

export interface PanelistOptions {
  readonly name: 'Ada' | 'Max';
  readonly models: Models;
  /** Replies to the other agent, in a row, before a person has to say something. */
  readonly turns: number;
  readonly onEvent: (event: AgentEvent) => void;
}

export interface Panelist {
  readonly agent: VoiceAgent;
  close(): Promise<void>;
}

export async function joinPanelist(url: string, { name, models, turns, onEvent }: PanelistOptions): Promise<Panelist> {
  const microphone = Daily.createMicrophoneDevice(name, { sampleRate: 16_000, channels: 1 });
  const client = new CallClient();
  const bot = graph(name.toLowerCase());
  const agent = voiceAgent(bot, {
    speaks: toMicrophone(microphone),
    ...models,
    vad: { gate: true },
    model: fakeLanguageModel({ reply: (messages) => replyOf(name, messages) }),
    turns: () => [silence({ ms: 400 }), backChannels()],
    addressing: byName([name]),
    agents: { turns },
    onEvent,
  });
  followSpeakers(client, agent, { sampleRate: 16_000 });
  await agent.prefetch();
  await bot.start();
  const inputs = { camera: false, microphone: { isEnabled: true, settings: { deviceId: name } } } as const;
  await client.join(url, { userName: name, userData: agentUserData(), clientSettings: { inputs } });
  return {
    agent,
    close: async () => {
      await agent.interrupt();
      agent.end();
      await bot.stop();
      await client.release();
    },
  };
}

/** A mind of a few rules. Each hands over to the other: without a bound they would never end. */
function replyOf(name: string, messages: readonly Message[]): string {
  const said = messages.at(-1)?.text ?? '';
  if (said.includes('tell'))
    return 'There was a cat who lived in a house by the sea, and it had a friend on every boat.';
  if (said.includes('who')) {
    const spoke = messages
      .slice(0, -1)
      .flatMap((one) => (one.role === 'user' && one.text !== '' ? (one.name ?? []) : []));
    return `I heard ${[...new Set(spoke)].join(' and ')}.`;
  }
  return name === 'Ada' ? 'Max, your turn please.' : 'Ada, thank you very much.';
}
