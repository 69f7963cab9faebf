import { AudioFrame as Audio, type AudioFrame, micros, pushSource, sleep } from '@sluice/core';
import {
  defineVoiceModel,
  fakeLanguageModel,
  fakeRecognizer,
  type Message,
  type Recognizer,
  type VoiceDetector,
  voiceError,
} from '@sluice/core/voice';
import type { AgentTool } from '@sluice/nodes';
import { describe, expect, it } from 'vitest';
import { scriptedModel, VirtualConversation } from './virtual-conversation.ts';

const STORY = 'One two three four five six seven eight nine ten. Eleven twelve thirteen fourteen fifteen.';

/** Asks for `slow` at first, then says what it was told last. */
const asker = () =>
  scriptedModel(({ id, epoch, messages }, { emit }) => {
    const last = messages.at(-1)!;
    if (messages.length === 1) emit({ type: 'tool-call', id, epoch, callId: 'c', name: 'slow', arguments: {} });
    else emit({ type: 'text', id, epoch, text: `I know ${last.text}.` });
    emit({ type: 'finished', id, epoch });
  });
const results = (messages: readonly Message[]) => messages.flatMap(({ role, text }) => (role === 'tool' ? [text] : []));

it('an agent whose graph fails has ended', async () => {
  const deaf = defineVoiceModel({
    kind: 'recognizer',
    name: 'deaf',
    accepts: { sampleRates: [16_000], channels: [1] },
    latencyMs: 0,
    words: false,
    settings: {},
    start: (context) => ({
      write: () => context.fail(voiceError('the key is wrong', { model: 'deaf', category: 'give-up' })),
    }),
  });
  await using talk = await VirtualConversation.begin([[500, 1_500]], ['ask'], {
    model: fakeLanguageModel(),
    recognizer: deaf,
  });
  const failed = talk.bot.finished.catch((error: unknown) => String(error));
  await talk.clock.advance(3_000);
  expect(await failed).toMatch(/transcribe failed again/);
  expect(talk.agent.state.state).toBe('ended');
});

it('an agent whose model tells what is no text says the apology', async () => {
  const { model } = scriptedModel(({ id, epoch }, { emit }) => emit({ type: 'text', id, epoch, text: 5 as never }));
  await using talk = await VirtualConversation.begin([[500, 1_500]], ['ask'], { model, apology: 'Sorry.' });
  await talk.clock.advance(5_000);
  expect(talk.agent.log.entries.map(({ who, text }) => `${who}: ${text}`)).toEqual(['person: ask', 'agent: Sorry.']);
});

it('an agent whose voice is lost tells of each sentence that nobody hears', async () => {
  const mute = defineVoiceModel({
    kind: 'synthesizer',
    name: 'mute',
    produces: { sampleRate: 16_000, channels: 1 },
    latencyMs: 0,
    words: false,
    settings: {},
    start: ({ emit }) => ({ write: ({ id, epoch }) => emit({ type: 'finished', id, epoch }) }),
  });
  const model = fakeLanguageModel({ reply: () => STORY });
  await using talk = await VirtualConversation.begin([[500, 1_500]], ['ask'], { model, synthesizer: mute });
  await talk.clock.advance(5_000);
  const problems = talk.events.flatMap((event) => (event.type === 'problem' ? [event.error.message] : []));
  expect(problems).toEqual([expect.stringMatching(/had no sound/), expect.stringMatching(/had no sound/)]);
  expect(talk.agent.metrics().problems).toBe(2);
});

it('an agent goes on whose onEvent throws', async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error) => void warnings.push(warning);
  process.on('warning', warned);
  const onEvent = () => {
    throw new Error('mine');
  };
  await using talk = await VirtualConversation.begin([[500, 1_500]], ['ask'], { model: fakeLanguageModel(), onEvent });
  await talk.clock.advance(5_000);
  process.off('warning', warned);
  expect(talk.lines).toEqual(['person: ask', 'agent: ask']);
  expect(warnings).toHaveLength(talk.events.length);
  expect(warnings[0]).toMatchObject({ code: 'SLUICE_AGENT_HANDLER' });
});

describe('a tool that does not listen to its signal', () => {
  const begin = async (bounds: { readonly toolMs: number }, stretches: readonly (readonly [number, number])[]) => {
    const ended: string[] = [];
    const slow: AgentTool = {
      description: 'slow',
      run: async (_, { signal, progress }) => {
        await sleep(talk.clock, 4_000);
        progress('still at it', { say: true });
        ended.push(`at ${talk.clock.now()}, ${signal.aborted ? 'given up' : 'wanted'}`);
        return 'too late';
      },
    };
    const { model, told } = asker();
    const talk = await VirtualConversation.begin(stretches, ['ask', 'and now', 'well'], {
      model,
      tools: { slow },
      bounds,
    });
    return { talk, told, ended };
  };

  it('is waited for until its bound, and what it says afterwards is in no log and no context', async () => {
    const { talk, told, ended } = await begin({ toolMs: 1_000 }, [
      [500, 1_500],
      [9_000, 10_000],
    ]);
    await using _ = talk;
    await talk.clock.advance(14_000);
    expect(talk.lines).toEqual([
      'person: ask',
      'tool: error: slow took longer than 1000 ms',
      'agent: I know error: slow took longer than 1000 ms.',
      'person: and now',
      'agent: I know and now.',
    ]);
    expect(ended).toEqual(['at 6000, given up']);
    expect(told.map(results)).toEqual([
      [],
      ['error: slow took longer than 1000 ms'],
      ['error: slow took longer than 1000 ms'],
    ]);
    expect(talk.events.filter(({ type }) => type === 'tool-progress')).toEqual([]);
  });

  it('holds nobody up who interrupts it, and the log says that it was given up', async () => {
    const { talk, told, ended } = await begin({ toolMs: 60_000 }, [
      [500, 1_500],
      [2_600, 3_600],
    ]);
    await using _ = talk;
    await talk.clock.advance(10_000);
    const givenUp = 'error: it was given up, as the reply was interrupted; it may have had an effect';
    expect(talk.lines.filter((line) => line !== 'agent: ')).toEqual([
      'person: ask',
      `tool: ${givenUp}`,
      'person: and now',
      'agent: I know and now.',
    ]);
    expect(ended).toEqual(['at 6000, given up']);
    expect(told.map(results)).toEqual([[], [givenUp]]);
    expect(talk.agent.state).toEqual({ state: 'listening' });
  });
});

describe('a detector that breaks in the middle of a turn', () => {
  /** Takes what sounds for speech. Nothing helps its first session: the node is started anew. */
  function breaksAt(atMs: number): VoiceDetector<object> {
    let opened = 0;
    return defineVoiceModel({
      kind: 'voice-detector',
      name: 'breaks',
      accepts: { sampleRates: [16_000], channels: [1] },
      latencyMs: { speech: 20, silence: 20 },
      settings: {},
      start: ({ emit, fail }) => {
        const first = ++opened === 1;
        let speaking = false;
        return {
          write: ({ samples, timestamp: at }) => {
            if (first && at >= atMs * 1_000) return fail(voiceError('broke', { model: 'breaks', category: 'give-up' }));
            const loud = samples.some((sample) => sample !== 0);
            if (loud !== speaking) emit({ type: loud ? 'speech' : 'silence', at, toldAt: at });
            speaking = loud;
          },
        };
      },
    });
  }

  it.each([600, 1_000, 1_400])('at %i ms is started anew, and the turn is answered once', async (atMs) => {
    await using talk = await VirtualConversation.begin([[500, 1_500]], ['good', 'morning', 'all'], {
      model: fakeLanguageModel({ reply: (messages) => `You said ${messages.at(-1)!.text}.` }),
      recognizer: fakeRecognizer({ texts: ['good', 'morning', 'all'] }),
      detector: breaksAt(atMs),
    });
    await talk.clock.advance(8_000);
    expect(talk.lines).toEqual(['person: good morning', 'agent: You said good morning.']);
    expect(talk.agent.metrics().turns).toBe(1);
    const speech = talk.events.flatMap((event) => (event.type === 'speech' ? [event.speaking] : []));
    expect(speech).toEqual([true, false, true, false]);
  });
});

describe('what somebody says first', () => {
  /** Tells how much of what sounded it was given. It cannot be had before it was asked for so many times. */
  function counting(refusals: number): Recognizer<object> {
    let opened = 0;
    return defineVoiceModel({
      kind: 'recognizer',
      name: 'counting',
      accepts: { sampleRates: [16_000], channels: [1] },
      latencyMs: 0,
      words: false,
      settings: {},
      start: ({ emit }) => {
        if (++opened <= refusals) throw new Error('not yet');
        let loud = 0;
        let end = micros(0);
        return {
          write: ({ samples, timestamp, duration }) => {
            if (!samples.some((sample) => sample !== 0)) return;
            loud++;
            end = micros(timestamp + duration);
          },
          flush: () => {
            if (loud > 0) emit({ type: 'final', text: `${loud} frames`, words: [], start: micros(0), end });
            loud = 0;
          },
        };
      },
    });
  }
  const begin = (refusals: number) =>
    VirtualConversation.begin([[100, 1_100]], [], {
      model: fakeLanguageModel({ reply: () => 'I see.' }),
      recognizer: counting(refusals),
      vad: { gate: true },
    });

  it.each([1, 6])('is heard in full by a recogniser that was refused %i times before', async (refusals) => {
    await using talk = await begin(refusals);
    await talk.clock.advance(12_000);
    expect(talk.lines).toEqual(['person: 50 frames', 'agent: I see.']);
  });

  it('is heard in full when half a second of it comes at once', async () => {
    await using talk = await begin(0);
    const { clock } = talk;
    const bursts = pushSource<AudioFrame>(
      { name: 'bursts', live: true, format: { kind: 'audio', sampleRate: 16_000, channels: 1 } },
      (destination) => {
        let index = 0;
        const burst = () => {
          cancel = clock.at(clock.now() + 500, burst);
          for (const last = index + 25; index < last; index++) {
            const samples = new Int16Array(320).fill(index < 50 ? 8_000 : 0);
            destination.next(
              new Audio({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(index * 20_000) }),
            );
          }
        };
        let cancel = clock.at(clock.now() + 500, burst);
        return () => cancel();
      },
    );
    await talk.agent.addSpeaker({ id: 'eve', hears: bursts, recognizer: counting(0) });
    await clock.advance(6_000);
    expect(talk.lines.filter((line) => line.startsWith('person'))).toEqual(['person: 50 frames', 'person: 50 frames']);
  });
});

describe('words that come late', () => {
  /** Tells nothing before its final, which is three seconds later than it says of itself. */
  const late = (...texts: readonly string[]) =>
    defineVoiceModel({
      kind: 'recognizer',
      name: 'late',
      accepts: { sampleRates: [16_000], channels: [1] },
      latencyMs: 100,
      words: false,
      settings: {},
      start: ({ clock, emit, signal }) => {
        const left = [...texts];
        let end = 0;
        return {
          write: (frame) => {
            end = frame.timestamp;
          },
          flush: async () => {
            const at = end as never;
            const text = left.shift() ?? '';
            await sleep(clock, left.length === texts.length - 1 ? 100 : 3_000, signal);
            emit({ type: 'final', text, words: [], start: at, end: at });
          },
        };
      },
    });

  it.each([
    ['please stop', true],
    ['uh huh', false],
  ])('of "%s" under its voice, when it has gone on, are heard: %s', async (text, counts) => {
    const { model, told } = scriptedModel(({ id, epoch, messages }, { emit }) => {
      emit({ type: 'text', id, epoch, text: messages.length === 1 ? STORY : 'I see.' });
      emit({ type: 'finished', id, epoch });
    });
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [3_000, 3_500],
      ],
      [],
      {
        model,
        recognizer: late('tell me', text),
      },
    );
    await talk.clock.advance(15_000);
    expect(talk.events.some(({ type }) => type === 'resumed')).toBe(true);
    const [reply] = talk.agent.log.entries.filter(({ who }) => who === 'agent');
    expect(reply).toMatchObject(counts ? { interrupted: true, planned: STORY } : { text: STORY });
    expect(talk.lines.filter((line) => line !== `agent: ${reply!.text}`)).toEqual(
      counts ? ['person: tell me', `person: ${text}`, 'agent: I see.'] : ['person: tell me'],
    );
    expect(told.map((messages) => messages.at(-1)!.text)).toEqual(counts ? ['tell me', text] : ['tell me']);
  });
});
