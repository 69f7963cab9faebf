import { type AudioFrame, graph } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { defineVoiceModel, fakeLanguageModel, fakeRecognizer } from '@sluice/core/voice';
import {
  type AgentEvent,
  echoGuard,
  echoReference,
  fromFrames,
  type SpeechFrame,
  toFrames,
  vad,
  voiceAgent,
} from '@sluice/nodes';
import { fvad } from '@sluice/plugin-vad-fvad';
import { type EchoOptions, virtualRoom } from '@sluice/scenario';
import { toMicrophone } from '@sluice/transport';
import { describe, expect, it } from 'vitest';
import { frames, RATE, say } from './speech/speech.ts';

const sentences = [
  'Hello. What can I do for you today? I know about the weather, the time, and trains.',
  'The next train to the city leaves at nine thirty from platform four.',
  'It takes about forty minutes, and you can buy a ticket on board or at the counter.',
];

/** The voice of an agent, a sentence an utterance, one behind the other. */
function* voice(): Generator<AudioFrame> {
  let at = 0;
  for (const [index, sentence] of sentences.entries()) {
    for (const frame of frames(say(sentence), 20, at)) yield frame.move({ utterance: `s${index}` });
    at += Math.ceil((say(sentence).length * 1_000_000) / RATE);
  }
}
/** The same voice for an agent. */
const speech = defineVoiceModel({
  kind: 'synthesizer',
  name: 'recorded',
  produces: { sampleRate: RATE, channels: 1 },
  latencyMs: 0,
  words: false,
  settings: {},
  start: ({ emit }) => ({
    write: ({ id, epoch, text }) => {
      emit({ type: 'audio', id, epoch, samples: say(text).slice(), sampleRate: RATE, channels: 1 });
      emit({ type: 'finished', id, epoch });
    },
  }),
});
const lengthMs = sentences.reduce((sum, sentence) => sum + (say(sentence).length * 1_000) / RATE, 0);

interface Heard {
  /** When somebody was heard to begin, in milliseconds of the clock. */
  readonly begins: number[];
  /** What came through while the agent spoke: mean square. */
  readonly power: number;
  readonly samples: Int16Array;
}

/** An agent speaks; the person's microphone picks it up, and they speak as `says` has it. */
async function listen(
  echo: EchoOptions | undefined,
  says: readonly (readonly [atMs: number, text: string])[],
  guarded = true,
): Promise<Heard> {
  const clock = new VirtualClock();
  const room = virtualRoom({ clock, sampleRate: RATE });
  const [agent, person] = [room.join('agent'), room.join('person')];
  room.setNetwork({ delayMs: 60, jitterMs: 10 });
  person.echo(echo);
  person.noise({ snrDb: 40 });
  for (const [atMs, text] of says) person.place(say(text, 'f2'), atMs);
  const bot = graph('agent', { clock });
  const reference = echoReference({ clock });
  const speaks = toMicrophone(agent.createMicrophone());
  const speech = bot.from(fromFrames(voice()));
  speech.to(speaks);
  speech.to(reference.played((id) => speaks.utterance(id)));
  const ears = bot.add(vad({ detector: fvad() }));
  const hears = bot.from(agent.hears({ frameMs: 20 }));
  (guarded ? hears.pipe(echoGuard({ reference })) : hears).to(ears.in.in);
  const begins: number[] = [];
  ears.out.speech.to({ next: ({ speaking, atMs }: SpeechFrame) => void (speaking && begins.push(atMs)) });
  const passed = toFrames();
  ears.out.audio.to(passed);
  await bot.start();
  await clock.advance(lengthMs + 2_000);
  const done = bot.stop();
  await clock.advance(100);
  await room.close();
  await clock.run({ until: done, limitMs: 20_000 });
  const samples: number[] = [];
  for await (const frame of passed) for (const sample of (frame as AudioFrame).samples) samples.push(sample);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return { begins, power, samples: Int16Array.from(samples) };
}

describe('an agent that hears its own voice from a person’s loudspeaker', () => {
  it.each([
    { gainDb: -6, delayMs: 40 },
    { gainDb: -12, delayMs: 180 },
    { gainDb: -20, delayMs: 400 },
    { gainDb: 0, delayMs: 250 },
  ])('takes an echo of %o for nobody', async (echo) => {
    const bare = await listen(echo, [], false);
    const guarded = await listen(echo, []);
    expect(bare.begins.length).toBeGreaterThan(0);
    expect(guarded.begins).toEqual([]);
    // Echo return loss enhancement, in dB.
    expect(10 * Math.log10(bare.power / guarded.power)).toBeGreaterThan(25);
  });

  it('hears a person who speaks over it', async () => {
    const { begins } = await listen({ gainDb: -12, delayMs: 180 }, [[7_000, 'No, stop. I meant tomorrow.']]);
    expect(begins.length).toBeGreaterThan(0);
    // The sentence has 300 ms of near silence in front, and the network takes 60.
    expect(begins[0]).toBeGreaterThan(7_200);
    expect(begins[0]).toBeLessThan(7_700);
  });

  it('lets everything through where there is no echo, after a second', async () => {
    const says = [[3_000, 'Wait a moment please, I have to look it up.']] as const;
    const [bare, guarded] = [await listen(undefined, says, false), await listen(undefined, says)];
    expect(Math.abs(guarded.begins[0]! - bare.begins[0]!)).toBeLessThan(40);
    const [from, to] = [3 * RATE, 6 * RATE];
    expect(guarded.samples.subarray(from, to)).toEqual(bare.samples.subarray(from, to));
  });

  it.each([
    ['pauses without a guard, as it takes itself for somebody', false],
    ['goes on with one, until a person speaks', true],
  ])('%s', async (_what, echoGuard) => {
    const clock = new VirtualClock();
    const room = virtualRoom({ clock, sampleRate: RATE });
    const [self, person] = [room.join('agent'), room.join('person')];
    room.setNetwork({ delayMs: 60 });
    person.echo({ gainDb: -12, delayMs: 180 });
    const bot = graph('agent', { clock });
    const events: AgentEvent[] = [];
    const agent = voiceAgent(bot, {
      hears: bot.from(self.hears()),
      speaks: toMicrophone(self.createMicrophone()),
      detector: fvad(),
      recognizer: fakeRecognizer({ texts: () => 'stop' }),
      model: fakeLanguageModel({ reply: () => 'Yes.' }),
      synthesizer: speech,
      echoGuard,
      onEvent: (event) => events.push(event),
    });
    await bot.start();
    const said = agent.say(sentences.join(' '));
    await clock.advance(6_000);
    const early = events.filter(({ type }) => type === 'paused');
    expect(early.length > 0).toBe(!echoGuard);
    if (echoGuard) {
      person.place(say('No, stop. I meant tomorrow.', 'f2'), clock.now() + 100);
      await clock.advance(2_500);
      expect(events.map(({ type }) => type)).toContain('interrupted');
      await expect(said).resolves.toMatchObject({ interrupted: true });
    }
    agent.end();
    bot.abort();
    await clock.advance(100);
    await room.close();
  });

  it('refuses what is no reference', () => {
    expect(() => echoGuard({ reference: {} as never })).toThrow(/echoGuard\.reference/);
    expect(() => echoGuard({ reference: echoReference({ clock: new VirtualClock() }), learnMs: -1 })).toThrow(
      RangeError,
    );
    expect(() => echoReference({ clock: new VirtualClock(), rate: 3 } as never)).toThrow(/rate/);
  });
});
