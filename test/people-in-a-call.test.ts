import { type Graph, graph, realClock } from '@sluice/core';
import {
  defineVoiceModel,
  fakeLanguageModel,
  fakeRecognizer,
  fakeVoiceDetector,
  RequestLine,
  type SpeechRequest,
  type Synthesizer,
} from '@sluice/core/voice';
import { type AgentEvent, byName, type VoiceAgent, voiceAgent } from '@sluice/nodes';
import {
  agentUserData,
  CallClient,
  Daily,
  followSpeakers,
  fromParticipantAudio,
  type RoomServer,
  startRoomServer,
  toMicrophone,
} from '@sluice/transport';
import { ProbeListener, probeSamples } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const sampleRate = 48_000;
const LONG = 'A long story.';
const LONG_FRAMES = 300;

let server: RoomServer;
const clients: CallClient[] = [];
const agents: { readonly agent: VoiceAgent; readonly bot: Graph }[] = [];

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init({ mediaHost: 'in-process' });
});
afterEach(async () => {
  for (const { agent, bot } of agents.splice(0)) {
    agent.end();
    bot.abort();
    await bot.finished.catch(() => {});
  }
  for (const client of clients.splice(0)) await client.release();
  await Daily.deinit();
  await server.close();
});

/** Speaks frames that carry their index: what is missing at the far end is known. */
function probeVoice(): Synthesizer<object> {
  return defineVoiceModel({
    kind: 'synthesizer',
    name: 'probe-voice',
    produces: { sampleRate, channels: 1 },
    latencyMs: 0,
    words: false,
    settings: {},
    start: ({ emit, signal, fail }) => {
      const line = new RequestLine<SpeechRequest>({ signal, fail }, async ({ id, epoch, text }) => {
        const all = probeSamples(text === LONG ? LONG_FRAMES : 25, { sampleRate });
        for (let at = 0; at < all.length; at += 960)
          emit({ type: 'audio', id, epoch, samples: all.slice(at, at + 960), sampleRate, channels: 1 });
        emit({ type: 'finished', id, epoch });
      });
      return {
        write: (request) => line.add(request),
        flush: () => line.idle(),
        onCancel: (epoch) => line.cancel(epoch),
      };
    },
  });
}

async function join(name: string, userData?: object) {
  const microphone = Daily.createMicrophoneDevice(name, { sampleRate, channels: 1 });
  const client = new CallClient();
  clients.push(client);
  const inputs = { microphone: { isEnabled: true, settings: { deviceId: name } } };
  const enter = () =>
    client.join(server.roomUrl('panel'), {
      userName: name,
      ...(userData && { userData }),
      clientSettings: { inputs },
    });
  return { client, microphone, enter };
}

/** An agent to whom everybody seems to say its name, and that of the other: the worst that two of them can meet. */
async function joinAgent(name: string, reply: (said: string) => string) {
  const { client, microphone, enter } = await join(name, agentUserData({ job: 'panel' }));
  const bot = graph(name);
  const events: AgentEvent[] = [];
  const agent = voiceAgent(bot, {
    speaks: toMicrophone(microphone),
    detector: fakeVoiceDetector(),
    recognizer: fakeRecognizer({ texts: () => 'Ada and Max' }),
    model: fakeLanguageModel({ reply: (messages) => reply((messages.at(-1) as { name?: string }).name ?? '') }),
    synthesizer: probeVoice(),
    addressing: byName([name]),
    onEvent: (event) => events.push(event),
  });
  agents.push({ agent, bot });
  followSpeakers(client, agent);
  await bot.start();
  await enter();
  return { agent, client, events };
}

it('two people and two agents share a room, and who comes and goes leaves no gap in a voice', {
  timeout: 45_000,
}, async () => {
  const bob = await join('Bob');
  const eve = await join('Eve');
  await bob.enter();
  const ada = await joinAgent('Ada', (name) => (name === 'Bob' ? LONG : 'Short.'));
  const max = await joinAgent('Max', () => 'Short.');
  const heard = new ProbeListener();
  fromParticipantAudio(bob.client, ada.client.participants().local.id, { sampleRate }).subscribe((frame) => {
    heard.push(frame.samples, frame, realClock.now());
    frame.close();
  });
  await vi.waitFor(() => expect(heard.heardMs).toBeGreaterThan(200), 10_000);
  const known = () => ada.agent.speakers.map(({ name, agent }) => [name, agent]);
  await vi.waitFor(
    () =>
      expect(known()).toEqual([
        ['Bob', false],
        ['Max', true],
      ]),
    5_000,
  );

  const tone = Int16Array.from(
    { length: 0.6 * sampleRate },
    (_, n) => 8_000 * Math.sin((2 * Math.PI * 440 * n) / sampleRate),
  );
  bob.microphone.write(tone);
  await vi.waitFor(() => expect(heard.arrivals.at(-1)?.index ?? 0).toBeGreaterThan(60), 10_000);
  await eve.enter();
  await vi.waitFor(() => expect(ada.agent.speakers.map(({ name }) => name)).toEqual(['Bob', 'Max', 'Eve']), 3_000);
  await eve.client.leave();
  await vi.waitFor(() => expect(ada.agent.speakers).toHaveLength(2), 3_000);
  // All of that was while the agent spoke.
  expect(heard.arrivals.at(-1)!.index).toBeLessThan(LONG_FRAMES - 10);
  await vi.waitFor(() => expect(heard.arrivals.at(-1)?.index).toBeGreaterThan(LONG_FRAMES - 3), 10_000);
  const { gaps } = heard.report({ expected: { first: 30, end: LONG_FRAMES - 2 } });
  // A frame that a busy machine sends late is concealed; a voice that stood still is not.
  expect(gaps.filter(({ ms }) => ms > 40)).toEqual([]);

  // Nobody says anything more: the two fall silent by themselves.
  const replies = () => [ada, max].map(({ agent }) => agent.log.entries.filter(({ who }) => who === 'agent').length);
  let before = '';
  await vi.waitFor(
    () => {
      const now = `${replies()}`;
      const changed = now !== before;
      before = now;
      expect(changed).toBe(false);
    },
    { timeout: 15_000, interval: 2_000 },
  );
  for (const count of replies()) expect(count).toBeLessThanOrEqual(3);
  expect(ada.agent.log.entries.some(({ speakerName }) => speakerName === 'Max')).toBe(true);
  expect(ada.events.filter(({ type }) => type === 'interrupted')).toEqual([]);
});
