import { type Graph, graph } from '@sluice/core';
import type { VirtualClock } from '@sluice/core/testing';
import {
  defineVoiceModel,
  fakeLanguageModel,
  fakeRecognizer,
  fakeSynthesizer,
  fakeVoiceDetector,
} from '@sluice/core/voice';
import { type AgentEvent, type VoiceAgent, type VoiceAgentOptions, voiceAgent } from '@sluice/nodes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Stretch, VirtualStudio, virtualPerson } from './virtual-conversation.ts';

describe('an agent', () => {
  let clock: VirtualClock;
  let studio: VirtualStudio;
  let bot: Graph;
  let agent: VoiceAgent;
  let events: AgentEvent[];

  beforeEach(() => {
    studio = new VirtualStudio();
    clock = studio.clock;
  });
  afterEach(() => studio.close(agent, bot));

  async function converse(
    stretches: readonly Stretch[],
    texts: readonly string[],
    options: Partial<VoiceAgentOptions> = {},
  ): Promise<void> {
    events = [];
    bot = graph('agent', { clock });
    agent = voiceAgent(bot, {
      hears: bot.from(virtualPerson(clock, stretches)),
      speaks: studio.microphone(),
      detector: fakeVoiceDetector(),
      recognizer: fakeRecognizer({ texts }),
      model: fakeLanguageModel({ reply: (messages) => `You said ${messages.at(-1)!.text}. And I say this.` }),
      synthesizer: fakeSynthesizer(),
      onEvent: (event) => events.push(event),
      ...options,
    });
    await bot.start();
  }
  const lines = () => agent.log.entries.map(({ who, text }) => `${who}: ${text}`);
  /** Whether the agent's microphone sent sound between two moments, in milliseconds. */
  const sounds = (fromMs: number, toMs: number) => studio.sounds(fromMs, toMs);

  it('hears a turn, answers it, and logs what was heard', async () => {
    await converse([[500, 1_500]], ['good morning']);
    await clock.advance(8_000);
    expect(lines()).toEqual(['person: good morning', 'agent: You said good morning. And I say this.']);
    const traces = events.filter((event) => event.type === 'trace').map(({ trace }) => trace);
    expect(traces).toMatchObject([{ id: 1, interrupted: false }]);
    expect(traces[0]!.voicedEndMs).toBeCloseTo(1_500, -2);
    expect(traces[0]!.decidedMs - traces[0]!.voicedEndMs).toBeCloseTo(500, -2);
    expect(sounds(traces[0]!.firstAudibleMs!, traces[0]!.firstAudibleMs! + 200)).toBe(true);
  });

  it('is silent at once when interrupted, knows what was heard to the word, and answers what interrupted it', async () => {
    await converse(
      [
        [500, 1_500],
        [3_200, 4_000],
      ],
      ['tell me everything', 'stop please'],
    );
    await clock.advance(9_000);
    expect(lines()[0]).toBe('person: tell me everything');
    expect(lines()[1]).toMatch(/^agent: You said tell/);
    expect(lines()[1]).not.toMatch(/And I say this/);
    expect(lines().slice(2)).toEqual(['person: stop please', 'agent: You said stop please. And I say this.']);
    expect(sounds(2_500, 3_150)).toBe(true);
    expect(sounds(3_290, 4_400)).toBe(false);
  });

  it('goes on where it was heard when it was only a cough', async () => {
    await converse(
      [
        [500, 1_500],
        [3_000, 3_100],
      ],
      ['tell me', ''],
    );
    await clock.advance(9_000);
    expect(lines()).toEqual(['person: tell me', 'agent: You said tell me. And I say this.']);
    expect(
      events
        .filter(({ type }) => type === 'paused' || type === 'resumed' || type === 'interrupted')
        .map(({ type }) => type),
    ).toEqual(['paused', 'resumed']);
  });

  it('apologises for a model that never answers', async () => {
    await converse([[500, 1_500]], ['hello'], {
      model: fakeLanguageModel({ firstTokenMs: 600_000 }),
      bounds: { thinkingMs: 2_000 },
      apology: 'Sorry.',
    });
    await clock.advance(8_000);
    expect(lines()).toEqual(['person: hello', 'agent: Sorry.']);
    expect(agent.state).toEqual({ state: 'listening' });
  });

  it('fills the time in which a slow model thinks', async () => {
    await converse([[500, 1_500]], ['hello'], {
      model: fakeLanguageModel({ firstTokenMs: 3_000, reply: () => 'Here it is.' }),
      filler: { text: 'Let me see.', afterMs: 800 },
    });
    await clock.advance(8_000);
    expect(lines()).toEqual(['person: hello', 'agent: Let me see.', 'agent: Here it is.']);
  });

  it('survives rapid interruptions, and answers after them', async () => {
    const stretches = Array.from({ length: 30 }, (_, i) => [2_000 + i * 250, 2_000 + i * 250 + 100] as const);
    await converse([[500, 1_500], ...stretches, [12_000, 12_800]], ['start', ...stretches.map(() => 'no'), 'the end'], {
      vad: { hangOverMs: 60 },
    });
    await clock.advance(20_000);
    expect(lines().at(-1)).toMatch(/^agent: You said .*the end/);
    expect(agent.state).toEqual({ state: 'listening' });
    expect(new Set(agent.log.entries.map(({ id }) => id)).size).toBe(agent.log.entries.length);
  });

  it('hears nobody while it is muted, and is not muted for ever', async () => {
    await converse(
      [
        [500, 1_500],
        [6_000, 7_000],
      ],
      ['nobody', 'somebody'],
      { bounds: { mutedMs: 3_000 } },
    );
    agent.mute('a host');
    await clock.advance(2_500);
    expect(agent.state).toEqual({ state: 'muted', by: 'a host' });
    await clock.advance(9_000);
    expect(lines()).toEqual(['person: somebody', 'agent: You said somebody. And I say this.']);
  });

  const hangs = defineVoiceModel({
    kind: 'synthesizer',
    name: 'hangs',
    produces: { sampleRate: 16_000, channels: 1 },
    latencyMs: 0,
    words: false,
    settings: {},
    start: () => ({ write: () => {} }),
  });

  it('does not think for ever when the model fails and the apology hangs', async () => {
    const bounds = { thinkingMs: 1_000, speakingMs: 2_000 };
    await converse([[500, 1_500]], ['hello'], {
      synthesizer: hangs,
      model: fakeLanguageModel({ reply: () => '' }),
      bounds,
    });
    await clock.advance(3_000);
    expect(agent.state).toEqual({ state: 'thinking' });
    await clock.advance(2_000);
    expect(agent.state).toEqual({ state: 'listening' });
  });

  it('is not muted for ever by a voice that hangs', async () => {
    await converse([], [], { synthesizer: hangs, bounds: { mutedMs: 1_000, speakingMs: 2_000 } });
    agent.mute('a host');
    void agent.say('Hello.');
    await clock.advance(1_100);
    expect(agent.state).toEqual({ state: 'speaking' });
    await clock.advance(2_500);
    expect(agent.state).toEqual({ state: 'listening' });
  });

  it('waits with what is polite until nobody speaks', async () => {
    await converse([[500, 1_500]], ['hello']);
    await clock.advance(600);
    const said = agent.say('By the way.', { polite: true });
    await clock.advance(10_000);
    expect(lines()).toEqual(['person: hello', 'agent: You said hello. And I say this.', 'agent: By the way.']);
    await expect(said).resolves.toMatchObject({ heardText: 'By the way.' });
  });

  it('ends when nobody is there any more, and not while somebody is', async () => {
    await converse([], [], { bounds: { aloneMs: 5_000 } });
    agent.setCompany(false);
    await clock.advance(4_000);
    agent.setCompany(true);
    await clock.advance(20_000);
    expect(agent.state).toEqual({ state: 'listening' });
    agent.setCompany(false);
    await clock.advance(5_000);
    expect(agent.state).toEqual({ state: 'ended' });
  });
});
