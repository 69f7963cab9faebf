import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Graph, graph } from '@sluice/core';
import { recordSession, replaySession, type SessionEnv } from '@sluice/core/session';
import type { VirtualClock } from '@sluice/core/testing';
import { fakeLanguageModel, fakeRecognizer, fakeSynthesizer, fakeVoiceDetector } from '@sluice/core/voice';
import { backChannels, silence, type VoiceAgent, type VoiceAgentOptions, voiceAgent } from '@sluice/nodes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualStudio, virtualPerson } from './virtual-conversation.ts';

/** Speaks twice, and interrupts the second answer, and the third. */
const stretches = [
  [500, 1_500],
  [6_500, 7_300],
  [9_000, 9_800],
  [11_400, 12_000],
] as const;
const texts = ['good morning', 'tell me everything', 'stop please', 'never mind'];

describe('a recorded agent', () => {
  let clock: VirtualClock;
  let studio: VirtualStudio;
  let folder: string;
  let file: string;

  beforeEach(async () => {
    studio = new VirtualStudio();
    clock = studio.clock;
    folder = await mkdtemp(join(tmpdir(), 'sluice-session-'));
    file = join(folder, 'agent.sluice');
  });
  afterEach(async () => {
    await studio.close();
    await rm(folder, { recursive: true });
  });

  /** An agent whose models are outside, as services are, or inside, where a replay runs them again. */
  function program(models: 'outside' | 'inside', change: Partial<VoiceAgentOptions> = {}) {
    return (env: SessionEnv): { graph: Graph; agent: VoiceAgent; say: (text: string) => Promise<void> } => {
      const bot = graph('agent', { clock: env.clock, random: env.random });
      const model: SessionEnv['model'] =
        models === 'outside' ? env.model : (_, make) => (typeof make === 'function' ? make() : make);
      const agent = voiceAgent(bot, {
        hears: bot.from(env.source('person', () => virtualPerson(clock, stretches))),
        speaks: env.sink('voice', () => studio.microphone()),
        detector: model('detector', () => fakeVoiceDetector()),
        recognizer: model('recognizer', () => fakeRecognizer({ texts })),
        model: model('mind', () =>
          fakeLanguageModel({
            reply: (messages) => `You said ${messages.at(-1)!.text}. And I say this, at some length.`,
          }),
        ),
        synthesizer: model('synthesizer', () => fakeSynthesizer()),
        ...change,
      });
      const say = env.control('say', (text: string) => void agent.say(text, { polite: true }));
      return { graph: bot, agent, say };
    };
  }

  async function record(models: 'outside' | 'inside') {
    const session = await recordSession({ file, program: program(models), clock, sound: true, text: true });
    await clock.advance(14_000);
    await session.result.say('By the way.');
    await clock.advance(4_000);
    const closing = session.close({ abort: true });
    await clock.advance(1_000);
    await closing;
    expect(session.notReplayable).toEqual([]);
    return session.result.agent.log.entries.map(({ who, text }) => `${who}: ${text}`);
  }

  describe.each(['outside', 'inside'] as const)('with its models %s', (models) => {
    it('says the same in a replay, byte for byte, three times, with what it heard and when it was interrupted', async () => {
      const lines = await record(models);
      expect(lines).toEqual([
        'person: good morning',
        'agent: You said good morning. And I say this, at some length.',
        'person: tell me everything',
        expect.stringMatching(/^agent: You said/),
        'person: stop please',
        expect.stringMatching(/^agent: You said stop/),
        'person: never mind',
        expect.stringMatching(/^agent: You said never mind/),
        'agent: By the way.',
      ]);
      const hashes = new Set<string>();
      for (let time = 0; time < 3; time++) {
        let agent: VoiceAgent | undefined;
        const { differences, complete, outputs } = await replaySession(file, {
          program: (env) => {
            const made = program(models)(env);
            agent = made.agent;
            return made;
          },
        });
        expect(differences).toEqual([]);
        expect(complete).toBe(true);
        expect(outputs).toMatchObject([{ node: 'voice', frames: expect.any(Number) }]);
        expect(outputs[0]!.frames).toBeGreaterThan(100);
        hashes.add(outputs[0]!.hash);
        expect(agent!.log.entries.map(({ who, text }) => `${who}: ${text}`)).toEqual(lines);
      }
      expect(hashes.size).toBe(1);
    });

    it('shows the first difference when its turns end later', async () => {
      await record(models);
      const later = program(models, { turns: [silence({ ms: 700 }), backChannels()] });
      const { differences } = await replaySession(file, { program: later });
      expect(differences[0]).toMatchObject({ code: 'SLUICE_SESSION_ORDER' });
      expect(differences[0]!.atMs).toBeGreaterThan(1_400);
      expect(differences[0]!.atMs).toBeLessThan(2_500);
    });
  });
});
