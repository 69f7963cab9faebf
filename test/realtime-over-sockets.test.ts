import { AudioFrame as Audio, type AudioFrame, type Graph, graph, micros, pushSource, realClock } from '@sluice/core';
import { fakeVoiceDetector } from '@sluice/core/voice';
import { type AgentEvent, type RealtimeAgent, type RealtimeAgentOptions, realtimeAgent } from '@sluice/nodes';
import { openaiRealtime } from '@sluice/plugin-openai';
import { type OpenAiServer, type RealtimeScript, startOpenAiServer } from '@sluice/plugin-openai/testing';
import { Daily, toMicrophone } from '@sluice/transport';
import { type VirtualMediaHost, virtualMediaHost } from '@sluice/transport/testing';
import { afterEach, expect, it } from 'vitest';
import { DeviceRegistry, setCurrentDevices } from '../packages/transport/src/devices/registry.ts';

/** A person who speaks while `speaks` says so, in real time. */
function person(speaks: () => boolean) {
  return pushSource<AudioFrame>(
    { name: 'person', live: true, format: { kind: 'audio', sampleRate: 24_000, channels: 1 } },
    (destination) => {
      let index = 0;
      const start = realClock.now();
      let cancel = () => {};
      const tick = () => {
        const samples = new Int16Array(480);
        if (speaks()) for (let i = 0; i < 480; i++) samples[i] = 8_000 * Math.sin((index * 480 + i) / 9);
        const timestamp = micros(index * 20_000);
        index++;
        cancel = realClock.at(start + (index + 1) * 20, tick);
        destination.next(new Audio({ samples, sampleRate: 24_000, channels: 1, timestamp }));
      };
      cancel = realClock.at(start + 20, tick);
      return () => cancel();
    },
  );
}

let server: OpenAiServer;
let bot: Graph;
let agent: RealtimeAgent;
let events: AgentEvent[];
let host: VirtualMediaHost;
let speaking: boolean;

afterEach(async () => {
  agent.end();
  bot.abort();
  await server.close();
  setCurrentDevices(undefined);
});

async function converse(realtime: RealtimeScript, options: Partial<RealtimeAgentOptions> = {}): Promise<void> {
  server = await startOpenAiServer({ realtime });
  host = virtualMediaHost(realClock);
  setCurrentDevices(new DeviceRegistry({ clock: realClock, createHost: () => host }));
  const microphone = Daily.createMicrophoneDevice('agent', { sampleRate: 24_000, channels: 1 });
  microphone.input.use().set('heard');
  events = [];
  speaking = false;
  bot = graph('agent');
  const turns = { type: 'server_vad', silenceMs: 200 } as const;
  agent = realtimeAgent(bot, {
    hears: bot.from(person(() => speaking)),
    speaks: toMicrophone(microphone),
    model: openaiRealtime({ baseUrl: server.baseUrl, turns }) as never,
    onEvent: (event) => events.push(event),
    ...options,
  });
  await bot.start();
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function say(ms: number): Promise<void> {
  speaking = true;
  await pause(ms);
  speaking = false;
}
async function until(holds: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 1_000; turn++) {
    if (holds()) return;
    await pause(10);
  }
  throw new Error(`${what} did not come; ${JSON.stringify(events)}`);
}
const lines = () => agent.log.entries.map(({ who, text }) => `${who}: ${text}`);
const isHeard = () => events.some(({ type }) => type === 'state' && agent.state.state === 'speaking');

it.each([
  ['the service', {}],
  ['a detector here', { detector: fakeVoiceDetector() }],
])('is cut at the service to what the device let out, when %s hears an interruption', async (_who, options) => {
  const reply = (items: readonly { readonly text: string }[]) =>
    items.length < 2 ? 'one two three four five six seven eight nine ten' : 'fine';
  await converse({ hears: ['tell me', 'stop please'], reply }, options);
  await pause(100);
  await say(400);
  await until(isHeard, 'the reply');
  await pause(500);
  await say(900);
  await until(() => lines().length === 4, 'the answer');
  const talk = server.realtime[0]!;
  const [cut] = talk.truncated;
  const { agentMs } = heardOf();
  expect(talk.errors).toEqual([]);
  expect(cut!.ofMs).toBe(3_000);
  expect(Math.abs(cut!.audioEndMs - agentMs)).toBeLessThan(40);
  expect(lines()[1]).toMatch(/^agent: one/);
  expect(cut!.audioEndMs).toBeLessThan(3_000);
  expect(lines().slice(2)).toEqual(['person: stop please', 'agent: fine']);
});

/** How much of its first reply the agent's microphone sent: from the first loud sample to the last before a long silence. */
function heardOf(): { readonly agentMs: number } {
  const { samples } = host.sent[0]!;
  const first = samples.findIndex((sample) => sample !== 0);
  let last = first;
  for (let i = first; i < samples.length && i - last < 24 * 120; i++) if (samples[i] !== 0) last = i;
  return { agentMs: (last - first) / 24 };
}

it('goes on in a new session when the service ends one, and the new one knows what was said', async () => {
  const fault = (reply: number) => (reply === 1 ? 'expired' : undefined);
  await converse({ hears: ['hello', 'and again'], reply: (items) => `${items.length} lines`, fault });
  await pause(100);
  await say(400);
  await until(() => lines().length === 2, 'the first answer');
  await say(400);
  await until(() => lines().length === 4, 'the second answer');
  expect(lines()).toEqual(['person: hello', 'agent: 1 lines', 'person: and again', 'agent: 3 lines']);
  expect(server.realtime.length).toBe(2);
  expect(server.realtime[1]!.items.map(({ text }) => text).slice(0, 3)).toEqual(['hello', '1 lines', 'and again']);
  expect(events.some((event) => event.type === 'problem' && /maximum duration/.test(event.error.message))).toBe(true);
});
