import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioFrame, graph, type Sink } from '@sluice/core';
import { recordSession, replaySession, type SessionEnv } from '@sluice/core/session';
import { fakeLanguageModel } from '@sluice/core/voice';
import { type AgentEvent, fromFrames, gain, type VoiceAgent, voiceAgent } from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';
import { CallClient, Daily, fromCall, startRoomServer, toMicrophone } from '@sluice/transport';
import { expect, test } from 'vitest';
import { frames, say as spoken } from './speech/speech.ts';

const RATE = 16_000;
const sentences = ['hello there', 'what time is it'];

/** An agent with real models, of which the detector is inside: a replay runs it again. */
function program(call: () => CallClient, { hearingDb = 0, voiceDb = 0 } = {}) {
  return (env: SessionEnv) => {
    const events: AgentEvent[] = [];
    const bot = graph('agent', { clock: env.clock, random: env.random });
    const agent = voiceAgent(bot, {
      hears: bot.from(env.source('call', () => fromCall(call(), { sampleRate: RATE }))).pipe(gain({ db: hearingDb })),
      speaks: env.sink('microphone', () => toMicrophone(microphone('agent'))),
      through: (_scope, voice) => voice.pipe(gain({ db: voiceDb })),
      detector: fvad(),
      recognizer: env.model('recognizer', () => soundswallower({ sentences })),
      model: fakeLanguageModel({ reply: () => 'I have a lot to say about that. It takes its time, and so do I.' }),
      synthesizer: env.model('synthesizer', () => flite()),
      onEvent: (event) => events.push(event),
    });
    return { graph: bot, agent, events };
  };
}

function microphone(name: string) {
  return Daily.createMicrophoneDevice(name, { sampleRate: RATE, channels: 1 });
}
const inputs = (deviceId: string) => ({ microphone: { isEnabled: true, settings: { deviceId } } });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A person says something in the call; resolves when it has left the microphone. */
async function say(into: Sink<AudioFrame, unknown>, text: string): Promise<void> {
  const person = graph('person');
  person.from(fromFrames(frames(spoken(text)))).to(into);
  await person.run();
}

async function until(what: () => boolean, withinMs: number): Promise<void> {
  for (let waited = 0; !what() && waited < withinMs; waited += 20) await sleep(20);
}

/** Two people in a call, of whom one is recorded: it is asked something, and interrupted. */
async function recordCall(file: string) {
  await using server = await startRoomServer();
  await using client = new CallClient();
  await using caller = new CallClient();
  const url = server.roomUrl('recorded');
  const mouth = microphone('person');
  const session = await recordSession({ file, program: program(() => client), sound: true, text: true });
  await Promise.all([
    client.join(url, { clientSettings: { inputs: inputs('agent') } }),
    caller.join(url, { clientSettings: { inputs: inputs('person') } }),
  ]);
  const { agent, events } = session.result;
  const speaks = () => agent.state.state === 'speaking';
  // A busy machine may conceal so much of what the person says that nobody understands it.
  for (let times = 0; times < 4 && !speaks(); times++) {
    await say(toMicrophone(mouth), sentences[0]!);
    await until(speaks, 2_500);
  }
  // Whatever becomes of it is what a replay has to do again.
  await say(toMicrophone(mouth), sentences[1]!);
  await until(() => events.some(({ type }) => type === 'interrupted'), 1_000);
  await session.close({ abort: true });
  return { session, log: agent.log.entries };
}

test('a call with real models is replayed without any, byte for byte', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-session-'));
  const file = join(folder, 'call.sluice');
  Daily.init();
  try {
    const { session, log } = await recordCall(file);
    expect(session.notReplayable).toEqual([]);
    const hashes = new Set<string>();
    for (let time = 0; time < 3; time++) {
      let agent: VoiceAgent | undefined;
      const { differences, complete, outputs } = await replaySession(file, {
        program: (env) => {
          const made = program(none)(env);
          agent = made.agent;
          return made;
        },
      });
      expect(differences).toEqual([]);
      expect(complete).toBe(true);
      expect(outputs).toMatchObject([{ node: 'microphone' }]);
      expect(outputs[0]!.frames).toBeGreaterThan(50);
      hashes.add(outputs[0]!.hash);
      expect(agent!.log.entries).toEqual(log);
    }
    expect(hashes.size).toBe(1);

    const louder = await replaySession(file, { program: program(none, { voiceDb: 1 }) });
    expect(louder.differences.map(({ code }) => code)).toContain('SLUICE_SESSION_OUTPUT');
    const sound = louder.differences.find(({ code }) => code === 'SLUICE_SESSION_OUTPUT')!;
    expect(sound.node).toBe('microphone');
    expect(Math.abs(sound.replayed as number)).toBeGreaterThan(Math.abs(sound.recorded as number));

    // What is heard louder is another question to the recogniser, whatever it answered.
    const deaf = await replaySession(file, { program: program(none, { hearingDb: 3 }) });
    expect(deaf.differences.find(({ code }) => code !== 'SLUICE_SESSION_GRAPH')).toMatchObject({ node: 'recognizer' });
  } finally {
    await Daily.deinit();
    await rm(folder, { recursive: true });
  }
});

function none(): never {
  throw new Error('a replay has no call');
}
