import { type Graph, graph } from '@sluice/core';
import type { VirtualClock } from '@sluice/core/testing';
import { defineVoiceModel, fakeSpeechModel, fakeVoiceDetector, type Message, voiceError } from '@sluice/core/voice';
import { type AgentEvent, type RealtimeAgent, type RealtimeAgentOptions, realtimeAgent } from '@sluice/nodes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Stretch, VirtualStudio, virtualPerson } from './virtual-conversation.ts';

const sampleRate = 24_000;

describe('a realtime agent', () => {
  let clock: VirtualClock;
  let studio: VirtualStudio;
  let bot: Graph;
  let agent: RealtimeAgent;
  let events: AgentEvent[];
  /** What the model was told of before each of its replies. */
  let contexts: (readonly Message[])[];

  beforeEach(() => {
    studio = new VirtualStudio();
    clock = studio.clock;
    events = [];
    contexts = [];
  });
  afterEach(() => studio.close(agent, bot));

  interface Talk extends Partial<RealtimeAgentOptions> {
    readonly gone?: Stretch;
    readonly fake?: Parameters<typeof fakeSpeechModel>[0];
  }
  async function converse(stretches: readonly Stretch[], texts: readonly string[], talk: Talk = {}): Promise<void> {
    const { gone, fake, ...options } = talk;
    bot = graph('agent', { clock });
    const { reply = () => 'one two three four five six seven eight', ...rest } = fake ?? {};
    agent = realtimeAgent(bot, {
      hears: bot.from(virtualPerson(clock, stretches, { sampleRate, ...(gone && { gone }) })),
      speaks: studio.microphone(sampleRate),
      model: fakeSpeechModel({
        texts,
        firstByteMs: 200,
        reply: (context, request) => {
          contexts.push([...context]);
          return reply(context, request);
        },
        ...rest,
      }),
      onEvent: (event) => events.push(event),
      ...options,
    });
    await bot.start();
  }
  const lines = () => agent.log.entries.map(({ who, text }) => `${who}: ${text}`);
  const told = (type: AgentEvent['type']) => events.filter((event) => event.type === type).length;
  /** Whether the agent's microphone sent sound between two moments, in milliseconds. */
  const sounds = (fromMs: number, toMs: number) => studio.sounds(fromMs, toMs, sampleRate);

  it('has ended when its graph has', async () => {
    await converse([[500, 1_500]], ['good morning']);
    await clock.advance(2_500);
    expect(agent.state.state).toBe('speaking');
    bot.abort(new Error('enough'));
    await clock.advance(100);
    expect(agent.state.state).toBe('ended');
  });

  it('hears a turn, answers it, and logs the words of both though those of the person come later', async () => {
    await converse([[500, 1_500]], ['good morning'], { fake: { transcriptMs: 1_500 } });
    await clock.advance(8_000);
    expect(lines()).toEqual(['person: good morning', 'agent: one two three four five six seven eight']);
    const [trace] = events.filter((event) => event.type === 'trace').map((event) => event.trace);
    expect(trace).toMatchObject({ id: 1, interrupted: false });
    expect(trace!.voicedEndMs).toBeCloseTo(1_500, -2);
    expect(trace!.firstAudibleMs! - trace!.decidedMs).toBeLessThan(320);
    expect(sounds(trace!.firstAudibleMs!, trace!.firstAudibleMs! + 200)).toBe(true);
    expect(agent.state).toEqual({ state: 'listening' });
  });

  it.each([
    ['the model', {}],
    ['a detector', { detector: fakeVoiceDetector() }],
  ])(
    'is silent at once when %s hears an interruption, and the model believes said what was heard',
    async (_who, options) => {
      await converse(
        [
          [500, 1_500],
          [3_500, 4_500],
        ],
        ['tell me everything', 'stop please'],
        options,
      );
      await clock.advance(12_000);
      expect(lines()[1]).toMatch(/^agent: one two three/);
      expect(lines()[1]).not.toMatch(/seven/);
      expect(lines().slice(2)).toEqual(['person: stop please', 'agent: one two three four five six seven eight']);
      expect(sounds(2_500, 3_450)).toBe(true);
      expect(sounds(3_600, 5_000)).toBe(false);
      const heard = contexts[1]!.find(({ role }) => role === 'assistant')!.text;
      expect(`agent: ${heard}`.startsWith(lines()[1]!.slice(0, 15))).toBe(true);
      expect(heard).not.toMatch(/seven/);
    },
  );

  it('goes on where it was heard when it was only a cough', async () => {
    await converse(
      [
        [500, 1_500],
        [3_500, 3_600],
      ],
      ['tell me', ''],
    );
    await clock.advance(12_000);
    expect(lines()).toEqual(['person: tell me', 'agent: one two three four five six seven eight']);
    expect([told('paused'), told('resumed'), told('interrupted')]).toEqual([1, 1, 0]);
    expect(sounds(3_650, 3_950)).toBe(false);
  });

  it('answers what interrupted it before its first frame, which the model does not believe said', async () => {
    await converse(
      [
        [500, 1_500],
        [2_300, 3_100],
      ],
      ['wait', 'tell me'],
      { fake: { firstByteMs: 1_000 } },
    );
    await clock.advance(10_000);
    expect(lines()).toEqual([
      'person: wait',
      'agent: ',
      'person: tell me',
      'agent: one two three four five six seven eight',
    ]);
    expect(contexts.at(-1)!.filter(({ role, text }) => role === 'assistant' && text !== '')).toEqual([]);
  });

  it('survives thirty interruptions in a row, two of them in 100 ms, and answers after them', async () => {
    const stretches = Array.from({ length: 30 }, (_, i): Stretch => [2_500 + i * 700, 2_500 + i * 700 + 350]);
    await converse([[500, 1_500], ...stretches, [25_000, 25_800]], ['start', 'all of it', 'the end']);
    await clock.advance(2_700);
    void agent.interrupt();
    await clock.advance(50);
    void agent.interrupt();
    await clock.advance(32_000);
    expect(lines().slice(-2)).toEqual(['person: the end', 'agent: one two three four five six seven eight']);
    expect(agent.state).toEqual({ state: 'listening' });
    expect(new Set(agent.log.entries.map(({ id }) => id)).size).toBe(agent.log.entries.length);
  });

  it('keeps what was heard when it is interrupted at the last word', async () => {
    await converse([[500, 1_500]], ['hello']);
    await clock.advance(2_200 + 8 * 300 - 20);
    await Promise.all([agent.interrupt(), clock.advance(500)]);
    expect(lines()[1]).toMatch(/^agent: one two three four five six seven/);
    await clock.advance(2_000);
    expect(agent.state).toEqual({ state: 'listening' });
  });

  describe('with a tool', () => {
    const wants = (context: readonly Message[]) =>
      context.at(-1)?.role === 'tool'
        ? `it is ${context.at(-1)!.text}`
        : { text: 'let me see', call: { name: 'clock', arguments: { zone: 'utc' } } };

    it('runs it, and says in one breath what came before and after', async () => {
      const run = async () => 'noon';
      await converse([[500, 1_500]], ['what time is it'], {
        tools: { clock: { description: 'the time', run } },
        fake: { reply: wants },
      });
      await clock.advance(8_000);
      expect(lines()).toEqual(['person: what time is it', 'tool: noon', 'agent: let me see it is noon']);
      expect(agent.log.entries[1]).toMatchObject({ call: { name: 'clock', arguments: { zone: 'utc' } }, round: 'c1' });
      expect(contexts.at(-1)!.slice(-2)).toMatchObject([
        { role: 'assistant', calls: [{ name: 'clock' }] },
        { role: 'tool', text: 'noon' },
      ]);
    });

    it('gives it up when it is interrupted while it runs, and the model knows', async () => {
      let aborted = false;
      const run = (_args: object, { signal }: { readonly signal: AbortSignal }) =>
        new Promise<string>(() => signal.addEventListener('abort', () => (aborted = true)));
      await converse(
        [
          [500, 1_500],
          [3_800, 4_600],
        ],
        ['what time is it', 'never mind'],
        {
          tools: { clock: { description: 'the time', run } },
          fake: { reply: (context) => (context.at(-1)?.text === 'never mind' ? 'fine' : wants(context)) },
        },
      );
      await clock.advance(8_000);
      expect(aborted).toBe(true);
      expect(lines()).toEqual([
        'person: what time is it',
        'agent: let me see',
        'tool: error: it was given up, as the reply was interrupted; it may have had an effect',
        'person: never mind',
        'agent: fine',
      ]);
      expect(contexts.at(-1)!.find(({ role }) => role === 'tool')?.text).toMatch(/given up/);
    });
  });

  it('tells a session that is opened anew what tools answered once, whether in this reply or in one before', async () => {
    const wants = (context: readonly Message[]) => {
      const last = context.at(-1)!;
      if (last.role === 'tool') return `it is ${last.text}`;
      return { text: 'let me see', call: { name: 'clock', arguments: {} } };
    };
    // The second round of each reply, before a word of it.
    const fault = (reply: number) => (reply === 1 || reply === 4 ? 'lost' : undefined);
    await converse(
      [
        [500, 1_500],
        [8_000, 9_000],
      ],
      ['what time is it', 'and now'],
      {
        tools: { clock: { description: 'the time', run: async () => `noon ${++ran}` } },
        fake: { reply: wants, fault, transcriptMs: 0 },
      },
    );
    let ran = 0;
    await clock.advance(16_000);
    const results = (context: readonly Message[]) =>
      context.flatMap(({ role, text }) => (role === 'tool' ? [text] : []));
    for (const context of contexts) expect(new Set(results(context)).size).toBe(results(context).length);
    expect(results(contexts.at(-1)!)).toEqual(['noon 1', 'noon 2']);
    expect(lines().filter((line) => line.startsWith('tool'))).toEqual(['tool: noon 1', 'tool: noon 2']);
  });

  it('counts by the names that a voice agent has', async () => {
    await converse(
      [
        [500, 1_500],
        [3_500, 4_500],
        [6_500, 6_600],
      ],
      ['tell me everything', 'stop please', ''],
      { detector: fakeVoiceDetector() },
    );
    await clock.advance(14_000);
    const figures = agent.metrics();
    expect(figures).toMatchObject({ turns: 2, bargeIns: 1, falseAlarms: 1, wordsHeard: 5, apologies: 0, problems: 0 });
    expect(figures.latencyMs.count).toBe(2);
    const parts = Object.values(figures.latencyByPart).reduce((sum, { mean }) => sum + mean, 0);
    expect(parts).toBeCloseTo(figures.latencyMs.mean, 6);
    expect(figures.timeToSilenceMs.count).toBe(2);
    expect(figures.timeToSilenceMs.max).toBeLessThan(100);
    expect(events.filter((event) => event.type === 'speech').map(({ over }) => over.join())).toContain('agent');
    expect(bot.inspect().figures).toMatchObject({ agent: { turns: 2 } });
  });

  it('asks again, of a session that was told the log, when one is lost before a word of the reply', async () => {
    const fault = (reply: number) => (reply === 1 ? 'lost' : undefined);
    const reply = (context: readonly Message[]) => (contexts.length === 2 ? 'x' : `${context.length} lines`);
    await converse(
      [
        [500, 1_500],
        [4_000, 5_000],
      ],
      ['hello', 'and now'],
      { fake: { fault, reply, transcriptMs: 0 } },
    );
    await clock.advance(10_000);
    expect(lines()).toEqual(['person: hello', 'agent: 1 lines', 'person: and now', 'agent: 3 lines']);
    expect(contexts.at(-1)!.map(({ text }) => text)).toEqual(['hello', '1 lines', 'and now']);
  });

  it('hears a turn again whose words nobody knew when the session was lost', async () => {
    await converse([[500, 1_500]], ['lost', 'hello'], {
      fake: {
        fault: (reply) => (reply === 0 ? 'lost' : undefined),
        transcriptMs: 5_000,
        firstByteMs: 0,
        reply: () => 'one',
      },
    });
    await clock.advance(15_000);
    expect(lines().filter((line) => line !== 'agent: ')).toEqual(['person: hello', 'agent: one']);
  });

  it('says what came of a reply that broke off, and answers the next turn', async () => {
    const fault = (reply: number) => (reply === 0 ? 'lost' : undefined);
    await converse(
      [
        [500, 1_500],
        [6_000, 7_000],
      ],
      ['hello', 'again'],
      { fake: { fault, transcriptMs: 0 } },
    );
    await clock.advance(12_000);
    expect(lines()[1]).toMatch(/^agent: one two three/);
    expect(lines()[1]).not.toMatch(/five/);
    expect(lines().slice(2)).toEqual(['person: again', 'agent: one two three four five six seven eight']);
  });

  it.each(['silent', 'half'] as const)('apologises or goes on when a reply is %s for ever', async (fault) => {
    await converse(
      [
        [500, 1_500],
        [20_000, 21_000],
      ],
      ['hello', 'again'],
      {
        fake: { fault: (reply) => (reply < 1 ? fault : undefined), transcriptMs: 0 },
        bounds: { thinkingMs: 2_000, speakingMs: 4_000 },
      },
    );
    await clock.advance(30_000);
    expect(lines().at(-1)).toBe('agent: one two three four five six seven eight');
    expect(lines().at(-2)).toBe('person: again');
    expect(agent.state).toEqual({ state: 'listening' });
  });

  it('is not mute for ever after a model that loses every session', async () => {
    const fault = () => (contexts.length < 5 ? 'lost' : undefined);
    const reply = () => 'one';
    await converse(
      [
        [500, 1_500],
        [20_000, 21_000],
      ],
      ['hello', 'again'],
      { fake: { fault, reply, transcriptMs: 0 } },
    );
    await clock.advance(30_000);
    expect(told('problem')).toBeGreaterThan(2);
    expect(lines().slice(-2)).toEqual(['person: again', 'agent: one']);
    expect(agent.state).toEqual({ state: 'listening' });
  });

  it('ends, and says why, when no session is to be had, and tries no longer than it may', async () => {
    let opened = 0;
    const down = defineVoiceModel({
      ...fakeSpeechModel(),
      kind: 'speech-model',
      name: 'down',
      settings: {},
      start: () => {
        opened++;
        throw voiceError('the service is down', { model: 'down', category: 'retry' });
      },
    });
    await converse([], [], { model: down, bounds: { reopenMs: 3_000 } });
    await clock.advance(60_000);
    expect(agent.state).toEqual({ state: 'ended' });
    expect(events.find((event) => event.type === 'problem')?.error.message).toMatch(/the service is down/);
    expect(opened).toBeGreaterThan(3);
    expect(opened).toBeLessThan(8);
  });

  it('ends a turn in whose middle the sound ceased to come', async () => {
    await converse([[500, 3_000]], ['hello'], { gone: [1_000, 8_000] });
    await clock.advance(10_000);
    expect(lines()).toEqual(['person: hello', 'agent: one two three four five six seven eight']);
  });

  it('plays a model that is slower than it is heard without a word lost, and knows what was heard', async () => {
    await converse([[500, 1_500]], ['hello'], { fake: { pieceMs: 33 } });
    await clock.advance(12_000);
    expect(lines()).toEqual(['person: hello', 'agent: one two three four five six seven eight']);
    const samples = studio.sent;
    const loud = samples.reduce((sum, sample) => sum + (Math.abs(sample) > 1_000 ? 1 : 0), 0);
    expect(loud / 24).toBeGreaterThan(0.8 * 8 * 250);
  });

  it('cuts a reply that does not end, at what may wait, and loses none of what it took', async () => {
    const reply = () => (contexts.length === 1 ? 'la '.repeat(400) : 'fine');
    await converse(
      [
        [500, 1_500],
        [14_000, 15_000],
      ],
      ['sing', 'enough'],
      { fake: { reply }, mostWaitingMs: 9_000 },
    );
    await clock.advance(20_000);
    expect(told('problem')).toBe(1);
    expect(lines().slice(2)).toEqual(['person: enough', 'agent: fine']);
    const heard = lines()[1]!.match(/la/g)!.length;
    expect(heard).toBeGreaterThan(15);
    expect(heard).toBeLessThan(40);
  });

  it('hears nobody while it is muted, and is not muted for ever', async () => {
    await converse(
      [
        [500, 1_500],
        [6_000, 7_000],
      ],
      ['somebody'],
      { bounds: { mutedMs: 3_000 } },
    );
    agent.mute('a host');
    await clock.advance(2_500);
    expect(agent.state).toEqual({ state: 'muted', by: 'a host' });
    await clock.advance(10_000);
    expect(lines()).toEqual(['person: somebody', 'agent: one two three four five six seven eight']);
  });

  it('ends turns by a silence for a model that does not detect them', async () => {
    await converse(
      [
        [500, 1_500],
        [3_500, 4_300],
      ],
      ['hello', 'and then'],
      {
        fake: { detectsTurns: false },
        detector: fakeVoiceDetector(),
      },
    );
    await clock.advance(12_000);
    expect(lines()[0]).toBe('person: hello');
    expect(lines().slice(2)).toEqual(['person: and then', 'agent: one two three four five six seven eight']);
  });

  it('says what it is given, and waits with what is polite until nobody speaks', async () => {
    const exact = (_context: readonly Message[], { instructions }: { readonly instructions?: string }) =>
      instructions === undefined ? 'fine' : JSON.parse(instructions.slice(instructions.indexOf('"')));
    await converse([[500, 1_500]], ['hello'], { fake: { reply: exact } });
    await clock.advance(600);
    const said = agent.say('By the way.', { polite: true });
    await clock.advance(8_000);
    expect(lines()).toEqual(['person: hello', 'agent: fine', 'agent: By the way.']);
    await expect(said).resolves.toMatchObject({ heardText: 'By the way.', interrupted: false });
  });

  it('refuses options that are none, of the wrong kind or out of range', async () => {
    await converse([], []);
    const base = {
      hears: graph('other').from(virtualPerson(clock, [])),
      speaks: undefined as never,
      model: fakeSpeechModel(),
    };
    expect(() => realtimeAgent(graph('a'), { ...base, modle: 1 } as never)).toThrow(/realtimeAgent.modle/);
    expect(() => realtimeAgent(graph('a'), { ...base, doubtMs: -1 })).toThrow(RangeError);
    expect(() => realtimeAgent(graph('a'), { ...base, model: fakeVoiceDetector() as never })).toThrow(/SpeechModel/);
    expect(() => realtimeAgent(graph('a'), base)).toThrow(/speaks/);
    const deaf = fakeSpeechModel({ detectsTurns: false });
    expect(() => realtimeAgent(graph('a'), { ...base, model: deaf })).toThrow(/does not detect turns/);
  });
});
