import { AudioFrame as Audio, type AudioFrame, type Graph, graph, micros, pushSource } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import {
  fakeLanguageModel,
  fakeRecognizer,
  fakeSynthesizer,
  fakeVoiceDetector,
  type Message,
} from '@sluice/core/voice';
import {
  type AgentEvent,
  anyOf,
  byName,
  lastPartner,
  type SpeakerOptions,
  type VoiceAgent,
  type VoiceAgentOptions,
  voiceAgent,
} from '@sluice/nodes';
import { Daily, toMicrophone } from '@sluice/transport';
import { type VirtualMediaHost, virtualMediaHost } from '@sluice/transport/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceRegistry, setCurrentDevices } from '../packages/transport/src/devices/registry.ts';

type Stretch = readonly [fromMs: number, toMs: number, text: string];

let clock: VirtualClock;
let host: VirtualMediaHost;
let bot: Graph;
let agent: VoiceAgent;
let events: AgentEvent[];
/** What the model was told, each time. */
let asked: (readonly Message[])[];

beforeEach(() => {
  clock = new VirtualClock();
  host = virtualMediaHost(clock);
  setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
  events = [];
  asked = [];
});
afterEach(async () => {
  agent.end();
  bot.abort();
  await clock.advance(100);
  setCurrentDevices(undefined);
});

/** A voice that speaks in the given stretches of the clock; it ends, or fails, where that is told. */
function voice(stretches: readonly Stretch[], over: { readonly endsMs?: number; readonly failsMs?: number } = {}) {
  return pushSource<AudioFrame>(
    { name: 'voice', live: true, format: { kind: 'audio', sampleRate: 16_000, channels: 1 } },
    (destination) => {
      const start = clock.now();
      let index = 0;
      let cancel = () => {};
      const tick = () => {
        const at = start + index * 20;
        if (at >= (over.failsMs ?? Infinity)) return destination.error(new Error('the line is dead'));
        if (at >= (over.endsMs ?? Infinity)) return destination.complete();
        const speaks = stretches.some(([from, to]) => at >= from && at < to);
        const samples = new Int16Array(320);
        if (speaks) for (let i = 0; i < 320; i++) samples[i] = 8_000 * Math.sin((index * 320 + i) / 6);
        const timestamp = micros(index * 20_000);
        index++;
        cancel = clock.at(start + (index + 1) * 20, tick);
        destination.next(new Audio({ samples, sampleRate: 16_000, channels: 1, timestamp }));
      };
      cancel = clock.at(start + 20, tick);
      return () => cancel();
    },
  );
}

function somebody(id: string, stretches: readonly Stretch[], more: Partial<SpeakerOptions> = {}): SpeakerOptions {
  const recognizer = fakeRecognizer({ texts: stretches.map(([, , text]) => text) });
  return { id, name: id[0]!.toUpperCase() + id.slice(1), hears: voice(stretches), recognizer, ...more };
}

function build(options: Partial<VoiceAgentOptions> = {}): void {
  const microphone = Daily.createMicrophoneDevice('agent', { sampleRate: 16_000, channels: 1 });
  microphone.input.use().set('heard');
  bot = graph('agent', { clock });
  const reply = (messages: readonly Message[]) => {
    asked.push(messages);
    return `I heard ${messages.at(-1)!.text}.`;
  };
  agent = voiceAgent(bot, {
    speaks: toMicrophone(microphone),
    detector: fakeVoiceDetector(),
    recognizer: fakeRecognizer(),
    model: fakeLanguageModel({ reply }),
    synthesizer: fakeSynthesizer(),
    onEvent: (event) => events.push(event),
    ...options,
  });
}

async function meet(people: readonly SpeakerOptions[], options: Partial<VoiceAgentOptions> = {}): Promise<void> {
  build(options);
  for (const one of people) void agent.addSpeaker(one);
  await bot.start();
}

const lines = () =>
  agent.log.entries.map(({ who, speaker, text }) => `${who === 'agent' ? 'agent' : speaker}: ${text}`);
const of = <T extends AgentEvent['type']>(type: T) =>
  events.filter((event): event is Extract<AgentEvent, { type: T }> => event.type === type);

describe('several people', () => {
  it('are heard apart, told from each other, and named to the model', async () => {
    await meet([
      somebody('bob', [[500, 1_500, 'good morning']]),
      somebody('eve', [[5_000, 6_000, 'and good evening']]),
    ]);
    await clock.advance(10_000);
    expect(lines()).toEqual([
      'bob: good morning',
      'agent: I heard good morning.',
      'eve: and good evening',
      'agent: I heard and good evening.',
    ]);
    expect(agent.log.entries[0]).toMatchObject({ speaker: 'bob', speakerName: 'Bob', addressed: true });
    expect(agent.log.entries[1]).toMatchObject({ who: 'agent', to: 'bob' });
    expect(asked.at(-1)).toEqual([
      { role: 'user', name: 'Bob', text: 'good morning' },
      { role: 'assistant', text: 'I heard good morning.' },
      { role: 'user', name: 'Eve', text: 'and good evening' },
    ]);
    expect(new Set(agent.log.entries.map(({ id }) => id)).size).toBe(4);
  });

  it('get their replies one after the other when they speak at once', async () => {
    await meet([
      somebody('bob', [[500, 1_500, 'what is one']]),
      somebody('eve', [[1_000, 1_800, 'what is two']]),
      somebody('tom', [[1_200, 1_900, 'what is three']]),
    ]);
    await clock.advance(15_000);
    expect(lines().filter((line) => line.startsWith('agent'))).toEqual([
      'agent: I heard what is one.',
      'agent: I heard what is two.',
      'agent: I heard what is three.',
    ]);
    expect(agent.log.entries.filter(({ who }) => who === 'agent').map(({ to }) => to)).toEqual(['bob', 'eve', 'tom']);
    // Each was asked for when it was known what had been heard of the one before.
    expect(asked.at(-1)!.filter(({ role }) => role === 'assistant')).toHaveLength(2);
  });

  it('who spoke over whom is known to the frame, the voice of the agent included', async () => {
    await meet(
      [
        somebody('bob', [
          [500, 2_500, 'Ada tell me a long story'],
          [20_000, 20_500, 'thanks'],
        ]),
        somebody('eve', [
          [1_500, 3_000, 'he wants one'],
          [4_000, 4_500, 'listen'],
        ]),
      ],
      { addressing: byName(['Ada']), model: fakeLanguageModel({ reply: () => 'Once there was a very long tale.' }) },
    );
    await clock.advance(2_000);
    expect(agent.speakers).toMatchObject([
      { id: 'bob', name: 'Bob', agent: false, speaking: true, inTurn: true, speakingOver: [] },
      { id: 'eve', speaking: true, speakingOver: ['bob'] },
    ]);
    await clock.advance(6_000);
    const [bob, wants, listen] = ['Ada tell me a long story', 'he wants one', 'listen'].map((text) =>
      agent.log.entries.find((entry) => entry.text === text),
    );
    expect(bob!.over).toBeUndefined();
    expect(wants!.over).toMatchObject([{ speaker: 'bob' }]);
    expect(Math.abs(wants!.over![0]!.ms - 1_000)).toBeLessThanOrEqual(40);
    expect(listen!.over).toMatchObject([{ speaker: 'agent' }]);
    expect(Math.abs(listen!.over![0]!.ms - 500)).toBeLessThanOrEqual(40);
    expect(of('speech').find(({ over }) => over.includes('agent'))).toMatchObject({ speaker: 'eve', speaking: true });
    const reply = agent.log.entries.find(({ who }) => who === 'agent')!;
    expect(reply.text).toBe('Once there was a very long tale.');
  });
});

describe('manners', () => {
  const overlap = (untilMs: number): SpeakerOptions[] => [
    somebody('bob', [[500, 1_500, 'Ada what is one']]),
    somebody('eve', [[1_200, untilMs, 'he asks you']]),
  ];
  const begins = () => agent.log.entries.find(({ who }) => who === 'agent')!.startMs!;
  const addressing = byName(['Ada']);

  it('let somebody else finish who speaks when a reply would begin, and know what they said', async () => {
    await meet(overlap(2_700), { addressing });
    await clock.advance(10_000);
    // Half a second after Bob was done, Eve speaks; her end is known 250 ms after it.
    expect(begins()).toBeGreaterThanOrEqual(2_900);
    expect(begins()).toBeLessThan(3_150);
    const trace = of('trace')[0]!.trace;
    expect(trace.begunMs! - trace.decidedMs).toBeGreaterThan(800);
    expect(agent.metrics().latencyByPart.turn.max).toBeGreaterThan(1_300);
    expect(agent.metrics().latencyByPart.model.max).toBe(0);
  });

  it('wait no longer than they are told to', async () => {
    await meet(overlap(9_000), { addressing });
    await clock.advance(10_000);
    expect(begins()).toBeGreaterThanOrEqual(3_500);
    expect(begins()).toBeLessThan(3_650);
  });

  it('are no matter of a reply to who speaks alone, and can be left', async () => {
    await meet(overlap(9_000), { addressing, yieldMs: 0 });
    await clock.advance(10_000);
    expect(begins()).toBeLessThan(2_150);
    expect(() => voiceAgent(graph('none', { clock }), { yieldMs: -1 } as never)).toThrow(/voiceAgent\.yieldMs/);
  });
});

describe('company', () => {
  const states = () => of('state').map(({ state }) => state);

  it('is who is heard: when all people have left, the session ends', async () => {
    const alone = { bounds: { aloneMs: 5_000 } };
    await meet([somebody('robot', [], { agent: true })], alone);
    // Nobody has come yet.
    await clock.advance(20_000);
    expect(agent.state.state).toBe('listening');
    void agent.addSpeaker(somebody('bob', [], { hears: voice([], { endsMs: 23_000 }) }));
    await clock.advance(7_000);
    void agent.addSpeaker(somebody('bob', []));
    await clock.advance(20_000);
    expect(agent.state.state).toBe('listening');
    void agent.removeSpeaker('bob');
    await clock.advance(7_000);
    expect(states()).toEqual(['ended']);
  });

  it('is what somebody says who knows better', async () => {
    await meet([somebody('bob', [])], { bounds: { aloneMs: 5_000 } });
    agent.setCompany(true);
    void agent.removeSpeaker('bob');
    await clock.advance(20_000);
    expect(agent.state.state).toBe('listening');
    agent.setCompany(false);
    await clock.advance(6_000);
    expect(states()).toEqual(['ended']);
  });
});

describe('who is addressed', () => {
  const addressing = anyOf(byName(['Ada']), lastPartner({ forMs: 4_000 }));

  it('is answered; others are heard as context and do not interrupt', async () => {
    await meet(
      [
        somebody('bob', [
          [500, 1_500, 'Ada what time is it'],
          [5_500, 6_000, 'and the day'],
          [9_000, 9_500, 'Eve what do you think'],
        ]),
        somebody('eve', [[2_500, 3_500, 'I had lunch at noon']]),
      ],
      { addressing },
    );
    await clock.advance(14_000);
    expect(lines()).toEqual([
      'bob: Ada what time is it',
      'eve: I had lunch at noon',
      'agent: I heard Ada what time is it.',
      'bob: and the day',
      'agent: I heard and the day.',
      'bob: Eve what do you think',
    ]);
    expect(agent.log.entries.map(({ addressed }) => addressed)).toEqual([
      true,
      false,
      undefined,
      true,
      undefined,
      false,
    ]);
    expect(asked[1]!.map(({ text }) => text)).toContain('I had lunch at noon');
    expect(of('interrupted')).toEqual([]);
    expect(of('paused')).toEqual([]);
  });

  it('interrupts by name from the side, and the partner by any word', async () => {
    await meet(
      [
        somebody('bob', [
          [500, 1_500, 'Ada tell me all'],
          [9_600, 10_400, 'no more of that'],
        ]),
        somebody('eve', [[3_000, 4_500, 'Ada please be quiet now']]),
      ],
      { addressing, model: fakeLanguageModel({ reply: () => 'This is a long story about many things in the world.' }) },
    );
    await clock.advance(5_000);
    expect(of('interrupted')).toMatchObject([{ by: 'eve' }]);
    expect(of('paused')).toEqual([]);
    await clock.advance(4_000);
    expect(agent.log.entries.filter(({ who }) => who === 'agent')).toMatchObject([
      { to: 'bob', interrupted: true },
      { to: 'eve' },
    ]);
  });

  it('nobody interrupts where that is wanted, and nothing they say is lost', async () => {
    await meet(
      [
        somebody('bob', [
          [500, 1_500, 'speak'],
          [2_500, 3_000, 'stop'],
        ]),
      ],
      {
        interruptions: 'nobody',
        model: fakeLanguageModel({
          reply: (messages) => `I will say ${messages.at(-1)!.text} now and here and there.`,
        }),
      },
    );
    await clock.advance(14_000);
    expect(lines()).toEqual([
      'bob: speak',
      'bob: stop',
      'agent: I will say speak now and here and there.',
      'agent: I will say stop now and here and there.',
    ]);
    expect(of('interrupted')).toEqual([]);
  });
});

describe('other agents', () => {
  const named = (texts: readonly string[]): Stretch[] =>
    texts.map((text, i) => [1_000 + i * 5_000, 1_600 + i * 5_000, text]);

  it('are answered by name, twice in a row, until a person has spoken', async () => {
    const bot2 = somebody('robot', named(['hello all', 'Ada one', 'Ada two', 'Ada three', 'Ada four']), {
      agent: true,
    });
    await meet([bot2, somebody('bob', [[17_900, 18_500, 'fine']])], { addressing: byName(['Ada']) });
    await clock.advance(30_000);
    expect(lines().filter((line) => line.startsWith('agent'))).toEqual([
      'agent: I heard Ada one.',
      'agent: I heard Ada two.',
      'agent: I heard Ada four.',
    ]);
    expect(lines()).toContain('robot: Ada three');
  });

  it.each([
    ['ignore', 0],
    ['answer', 4],
  ] as const)('are treated as told: %s', async (agents, replies) => {
    const robot = somebody('robot', named(['Ada one', 'Ada two', 'Ada three', 'Ada four']), { agent: true });
    await meet([robot], { addressing: byName(['Ada']), agents });
    await clock.advance(24_000);
    expect(lines().filter((line) => line.startsWith('agent'))).toHaveLength(replies);
  });
});

describe('coming and going', () => {
  const story = 'One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen.';

  async function tell(meanwhile: () => Promise<void>): Promise<Int16Array> {
    build();
    await agent.addSpeaker(somebody('bob', []));
    await bot.start();
    await clock.advance(500);
    void agent.say(story);
    await clock.advance(1_000);
    await meanwhile();
    await clock.advance(8_000 - clock.now());
    return host.sent.at(-1)!.samples.slice();
  }

  it('leaves the voice as it is, to the sample', async () => {
    const alone = await tell(async () => {});
    agent.end();
    bot.abort();
    await clock.advance(100);
    clock = new VirtualClock();
    host = virtualMediaHost(clock);
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
    const crowded = await tell(async () => {
      for (let i = 0; i < 10; i++) {
        const added = agent.addSpeaker(somebody(`guest${i}`, []));
        await clock.advance(100);
        await added;
        const removed = agent.removeSpeaker(i === 0 ? 'bob' : `guest${i - 1}`);
        await clock.advance(100);
        await removed;
      }
    });
    expect(alone.some((sample) => Math.abs(sample) > 5_000)).toBe(true);
    expect(Buffer.from(crowded.buffer).equals(Buffer.from(alone.buffer))).toBe(true);
    expect(agent.speakers.map(({ id }) => id)).toEqual(['guest9']);
    expect(bot.inspect().nodes.filter(({ description }) => description === 'vad').length).toBeLessThan(4);
  });

  it('hears what was said up to the end, and tells why somebody is gone', async () => {
    await meet([
      somebody('bob', [[500, 1_500, 'I must go']], { hears: voice([[500, 1_500, '']], { endsMs: 1_520 }) }),
      somebody('eve', [], { hears: voice([], { failsMs: 3_000 }) }),
      somebody('tom', [[6_000, 7_000, 'who is there']]),
    ]);
    await clock.advance(10_000);
    expect(lines()).toContain('bob: I must go');
    expect(lines()).toContain('agent: I heard who is there.');
    expect(of('speaker-left').map(({ speaker: { id }, reason, error }) => [id, reason, error?.message])).toMatchObject([
      ['bob', 'ended', undefined],
      ['eve', 'failed', expect.stringContaining('the line is dead')],
    ]);
    await agent.removeSpeaker('bob');
    const again = agent.addSpeaker(somebody('bob', [[11_000, 11_500, 'here I am']]));
    await clock.advance(5_000);
    await again;
    expect(lines()).toContain('agent: I heard here I am.');
  });

  it('may interrupt the agent though they came while it spoke', async () => {
    await meet([somebody('bob', [])]);
    await clock.advance(500);
    const said = agent.say(story);
    await clock.advance(1_000);
    const added = agent.addSpeaker(somebody('eve', [[2_500, 4_000, 'stop it please']]));
    await clock.advance(6_000);
    await added;
    await expect(said).resolves.toMatchObject({ interrupted: true });
    expect(of('interrupted')).toMatchObject([{ by: 'eve' }]);
    expect(lines()).toContain('agent: I heard stop it please.');
  });

  it('goes on when the one who made it stand still is gone', async () => {
    await meet([somebody('bob', [[2_000, 2_060, '']]), somebody('eve', [])], {
      doubtMs: 60_000,
      vad: { hangOverMs: 60_000 },
    });
    await clock.advance(500);
    const said = agent.say(story);
    await clock.advance(2_000);
    expect(of('paused')).toMatchObject([{ by: 'bob' }]);
    void agent.removeSpeaker('bob');
    await clock.advance(10_000);
    await expect(said).resolves.toMatchObject({ heardText: story });
  });

  it('gives lost ears anew, without others noticing', async () => {
    let opened = 0;
    const good = fakeRecognizer({ texts: () => 'still here' });
    const broken = {
      ...good,
      open: (options: Parameters<typeof good.open>[0]) => {
        if (++opened <= 6) return Promise.reject(new Error('no recogniser today'));
        return good.open(options);
      },
    };
    await meet([
      somebody('bob', [[30_000, 31_000, '']], { recognizer: broken }),
      somebody('eve', [[2_000, 3_000, 'I am fine']]),
    ]);
    await clock.advance(36_000);
    expect(opened).toBe(7);
    expect(lines()).toEqual([
      'eve: I am fine',
      'agent: I heard I am fine.',
      'bob: still here',
      'agent: I heard still here.',
    ]);
  });

  it('answers one while the recogniser of another takes its time', async () => {
    await meet([
      somebody('bob', [[500, 1_500, 'slow']], { recognizer: fakeRecognizer({ texts: ['slow'], finalMs: 6_000 }) }),
      somebody('eve', [[600, 1_600, 'quick']]),
    ]);
    await clock.advance(12_000);
    expect(lines()).toEqual(['eve: quick', 'agent: I heard quick.', 'bob: slow', 'agent: I heard slow.']);
    expect(agent.log.entries[1]!.startMs).toBeLessThan(2_500);
  });

  it('refuses what makes no sense', async () => {
    await meet([somebody('bob', [])]);
    await expect(agent.addSpeaker(somebody('bob', []))).rejects.toThrow(/heard already/);
    await expect(agent.addSpeaker(somebody('agent', []))).rejects.toThrow(/not 'agent'/);
    await expect(agent.addSpeaker({ ...somebody('eve', []), nmae: 'Eve' } as never)).rejects.toThrow(/name/);
    await expect(agent.addSpeaker({ id: 'eve', hears: 5 as never })).rejects.toThrow(/a source of audio/);
    await expect(agent.removeSpeaker('nobody')).resolves.toBeUndefined();
    expect(() => agent.updateSpeaker('nobody', {})).toThrow(/bob/);
    agent.updateSpeaker('bob', { name: 'Robert', agent: true });
    expect(agent.speakers).toMatchObject([{ name: 'Robert', agent: true }]);
  });
});
