import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioFrame as Audio, type AudioFrame, type Graph, graph, micros, pushSource } from '@sluice/core';
import { recordSession, replaySession, type SessionEnv } from '@sluice/core/session';
import { VirtualClock } from '@sluice/core/testing';
import { fakeVoiceDetector } from '@sluice/core/voice';
import { type AgentEvent, type VoiceAgent, voiceAgent } from '@sluice/nodes';
import { openaiChat, openaiSpeech, openaiTranscription } from '@sluice/plugin-openai';
import { type OpenAiServer, startOpenAiServer } from '@sluice/plugin-openai/testing';
import { Daily, toMicrophone } from '@sluice/transport';
import { virtualMediaHost } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeviceRegistry, setCurrentDevices } from '../packages/transport/src/devices/registry.ts';

const KEY = 'sk-that-nobody-may-see';
const RATE = 24_000;
/** Asks twice, and interrupts the second answer. In milliseconds. */
const stretches = [
  [300, 1_100],
  [7_000, 7_800],
  [10_000, 10_800],
] as const;

let clock: VirtualClock;
let folder: string;
let server: OpenAiServer;

beforeEach(async () => {
  clock = new VirtualClock();
  const host = virtualMediaHost(clock);
  setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
  folder = await mkdtemp(join(tmpdir(), 'sluice-session-'));
  vi.stubEnv('SLUICE_TEST_KEY', KEY);
  const texts = ['good morning', 'count for me', 'stop please'];
  server = await startOpenAiServer({
    apiKey: KEY,
    transcribe: () => texts.shift() ?? '',
    reply: ({ messages }) => `You said ${messages.at(-1)!.content}. And I go on for quite a while.`,
    // The first question finds the service overloaded, and is asked again.
    faults: [{ type: 'none' }, { type: 'status', status: 503 }],
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  setCurrentDevices(undefined);
  await server.close();
  await rm(folder, { recursive: true });
});

/** Somebody who speaks in tones. */
function person() {
  return pushSource<AudioFrame>(
    { name: 'person', live: true, format: { kind: 'audio', sampleRate: RATE, channels: 1 } },
    (destination) => {
      let at = 0;
      let cancel = () => {};
      const tick = () => {
        const isLoud = stretches.some(([from, to]) => at >= from && at < to);
        const samples = new Int16Array(RATE / 50);
        if (isLoud) for (let i = 0; i < samples.length; i++) samples[i] = 8_000 * Math.sin(i / 5);
        const timestamp = micros(at * 1_000);
        at += 20;
        cancel = clock.at(at + 20, tick);
        destination.next(new Audio({ samples, sampleRate: RATE, channels: 1, timestamp }));
      };
      cancel = clock.at(20, tick);
      return () => cancel();
    },
  );
}

/** An agent of a service, as it is written: with an address and the name of a key. */
function program(env: SessionEnv): { graph: Graph; agent: VoiceAgent; events: AgentEvent[] } {
  const bot = graph('agent', { clock: env.clock, random: env.random });
  const access = { baseUrl: server.baseUrl, apiKey: { env: 'SLUICE_TEST_KEY' } };
  const events: AgentEvent[] = [];
  const agent = voiceAgent(bot, {
    hears: bot.from(env.source('person', person)),
    speaks: env.sink('voice', () => {
      const microphone = Daily.createMicrophoneDevice('agent', { sampleRate: RATE, channels: 1 });
      microphone.input.use().set('heard');
      return toMicrophone(microphone);
    }),
    detector: fakeVoiceDetector(),
    recognizer: env.model('recognizer', () => openaiTranscription(access)),
    model: env.model('mind', () => openaiChat({ ...access, model: 'any' })),
    synthesizer: env.model('synthesizer', () => openaiSpeech(access)),
    onEvent: (event) => events.push(event),
  });
  return { graph: bot, agent, events };
}

test('an agent of a service is replayed with the service down and no key', async () => {
  const file = join(folder, 'services.sluice');
  const session = await recordSession({ file, program, clock, sound: true, text: true });
  for (let at = 0; at < 16_000; at += 20) await clock.advance(20);
  const closing = session.close({ abort: true });
  await clock.advance(1_000);
  await closing;
  const { agent, events } = session.result;
  const lines = agent.log.entries.map(({ who, text }) => `${who}: ${text}`);
  expect(lines.slice(0, 3)).toEqual([
    'person: good morning',
    'agent: You said good morning. And I go on for quite a while.',
    'person: count for me',
  ]);
  expect(lines).toContain('person: stop please');
  expect(events.filter(({ type }) => type === 'interrupted')).not.toEqual([]);
  expect(session.notReplayable).toEqual([]);
  expect(await readFile(file, 'latin1')).not.toContain(KEY);

  await server.close();
  vi.stubEnv('SLUICE_TEST_KEY', undefined);
  const asked = vi.fn();
  vi.stubGlobal('fetch', asked);
  const hashes = new Set<string>();
  for (let time = 0; time < 2; time++) {
    let replayed: VoiceAgent | undefined;
    const { differences, complete, outputs } = await replaySession(file, {
      program: (env) => {
        const made = program(env);
        replayed = made.agent;
        return made;
      },
    });
    expect(differences).toEqual([]);
    expect(complete).toBe(true);
    expect(outputs).toMatchObject([{ node: 'voice', frames: expect.any(Number) }]);
    hashes.add(outputs[0]!.hash);
    expect(replayed!.log.entries).toEqual(agent.log.entries);
  }
  expect(hashes.size).toBe(1);
  expect(asked).not.toHaveBeenCalled();
});
