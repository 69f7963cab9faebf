import { AudioFrame as Audio, type AudioFrame, type Clock, micros, pushSource, sleep } from '@sluice/core';
import { defineVoiceModel, type Recognizer, RequestLine, type TurnMark } from '@sluice/core/voice';
import type { AgentEvent, VoiceAgentOptions } from '@sluice/nodes';
import { describe, expect, it } from 'vitest';
import { scriptedModel, VirtualConversation } from './virtual-conversation.ts';

/** What a recogniser that judges turns says, and when, in milliseconds of sound. */
type Judgement = readonly [atMs: number, text: string, turn?: TurnMark];

function judging(...script: readonly Judgement[]): Recognizer<object> {
  return defineVoiceModel({
    kind: 'recognizer',
    name: 'judging',
    accepts: { sampleRates: [16_000], channels: [1] },
    latencyMs: 300,
    words: false,
    turns: true,
    settings: {},
    start: ({ emit }) => {
      const left = [...script];
      return {
        write: ({ timestamp, duration }) => {
          const end = micros(timestamp + duration);
          while (left.length > 0 && end / 1_000 >= left[0]![0]) {
            const [, text, turn] = left.shift()!;
            const said = { text, words: [], ...(turn === undefined ? {} : { turn }) };
            emit(turn === 'over' ? { type: 'final', start: end, end, ...said } : { type: 'partial', ...said });
          }
        },
      };
    },
  });
}

/** A model that takes half a second for its first word, and tells when it was given up. */
function thinker() {
  const asked: string[] = [];
  const aborted: string[] = [];
  const model = defineVoiceModel({
    kind: 'language-model',
    name: 'thinker',
    latencyMs: 500,
    settings: {},
    start: ({ clock, emit, signal, fail }) => {
      const line = new RequestLine<{ id: string; epoch: number; messages: readonly { text: string }[] }>(
        { signal, fail },
        async ({ id, epoch, messages }, cancelled) => {
          const { text } = messages.at(-1)!;
          asked.push(`${text} at ${clock.now()}`);
          const onAbort = () => aborted.push(`${text} at ${clock.now()}`);
          cancelled.addEventListener('abort', onAbort, { once: true });
          await sleep(clock, 500, cancelled);
          emit({ type: 'text', id, epoch, text: `You said ${text}.` });
          emit({ type: 'finished', id, epoch });
          cancelled.removeEventListener('abort', onAbort);
        },
      );
      return {
        write: (request) => line.add(request),
        flush: () => line.idle(),
        onCancel: (epoch) => line.cancel(epoch),
      };
    },
  });
  return { model, asked, aborted };
}

/** Somebody whom only a recogniser hears. */
function silence(clock: Clock) {
  return pushSource<AudioFrame>(
    { name: 'silence', live: true, format: { kind: 'audio', sampleRate: 16_000, channels: 1 } },
    (destination) => {
      const start = clock.now();
      let index = 0;
      let cancel = () => {};
      const tick = () => {
        const timestamp = micros(index * 20_000);
        cancel = clock.at(start + (++index + 1) * 20, tick);
        destination.next(new Audio({ samples: new Int16Array(320), sampleRate: 16_000, channels: 1, timestamp }));
      };
      cancel = clock.at(start + 20, tick);
      return () => cancel();
    },
  );
}

const SPEECH = [[500, 1_500]] as const;
/** Probably over after 300 ms of silence, certainly after 700. */
const CLEAR: readonly Judgement[] = [
  [600, '', 'begun'],
  [1_800, 'good morning', 'ending'],
  [2_200, 'good morning', 'over'],
];
const traceOf = ({ events }: VirtualConversation) =>
  events.find((event): event is Extract<AgentEvent, { type: 'trace' }> => event.type === 'trace')!.trace;
const outcomes = ({ events }: VirtualConversation) =>
  events.flatMap((event) => (event.type === 'head-start' ? [event.outcome] : []));

describe('a reply that is thought of before a turn is certainly over', () => {
  const hello = (more: Partial<VoiceAgentOptions> = {}, script = CLEAR) => {
    const { model, asked, aborted } = thinker();
    const begun = VirtualConversation.begin(SPEECH, [], { model, recognizer: judging(...script), ...more });
    return { begun, asked, aborted };
  };

  it('comes sooner by what the model thought of meanwhile: 400 ms from the first word to the last here', async () => {
    const latency = async (more: Partial<VoiceAgentOptions>) => {
      const { begun, asked } = hello(more);
      await using talk = await begun;
      await talk.clock.advance(6_000);
      expect(talk.lines).toEqual(['person: good morning', 'agent: You said good morning.']);
      const { voicedEndMs, decidedMs, firstTokenMs, firstAudibleMs } = traceOf(talk);
      return {
        asked,
        turn: decidedMs - voicedEndMs,
        model: firstTokenMs! - decidedMs,
        all: firstAudibleMs! - voicedEndMs,
      };
    };
    const [late, early] = [await latency({ eager: false }), await latency({})];
    // The model's half second begins 400 ms before the turn is over.
    expect([late.turn, early.turn]).toEqual([700, 700]);
    expect([late.model, early.model]).toEqual([500, 100]);
    expect(late.all - early.all).toBe(400);
    expect([late.asked, early.asked]).toEqual([['good morning at 2200'], ['good morning at 1800']]);
  });

  it('is said at once when it is complete by then, and nothing of it before', async () => {
    const script: Judgement[] = [CLEAR[0]!, CLEAR[1]!, [3_000, 'good morning', 'over']];
    const { begun, asked } = hello({}, script);
    await using talk = await begun;
    await talk.clock.advance(2_980);
    expect(talk.agent.state).toEqual({ state: 'listening' });
    expect([talk.lines, talk.sent.some((sample) => sample !== 0)]).toEqual([[], false]);
    await talk.clock.advance(3_000);
    expect(talk.lines).toEqual(['person: good morning', 'agent: You said good morning.']);
    expect(traceOf(talk).firstTokenMs).toBe(traceOf(talk).decidedMs);
    expect(asked).toHaveLength(1);
    expect(outcomes(talk)).toEqual(['used']);
    expect(talk.agent.metrics()).toMatchObject({ turns: 1, headStartsUsed: 1, headStartsDropped: 0 });
  });

  it('is cancelled at the model when they go on, and leaves no trace', async () => {
    const { begun, asked, aborted } = hello({}, [
      [600, '', 'begun'],
      [1_700, 'good', 'ending'],
      [2_000, 'good', 'resumed'],
      [2_300, 'good morning', 'ending'],
      [2_700, 'good morning', 'over'],
    ]);
    await using talk = await begun;
    await talk.clock.advance(7_000);
    expect(asked).toEqual(['good at 1700', 'good morning at 2300']);
    expect(aborted).toEqual(['good at 2000']);
    expect(talk.lines).toEqual(['person: good morning', 'agent: You said good morning.']);
    expect(talk.agent.metrics()).toMatchObject({ headStartsUsed: 1, headStartsDropped: 1, problems: 0 });
  });

  it('is thought of anew for other words, whether or not they are said to be others', async () => {
    for (const [atMs, between] of [
      [1_900, [[1_900, 'good morning to', undefined]]],
      [2_200, []],
    ] as const) {
      const { begun, asked, aborted } = hello({}, [
        ...CLEAR.slice(0, 2),
        ...(between as readonly Judgement[]),
        [2_200, 'good morning to you', 'over'],
      ]);
      await using talk = await begun;
      await talk.clock.advance(7_000);
      expect(asked).toEqual(['good morning at 1800', 'good morning to you at 2200']);
      expect(aborted).toEqual([`good morning at ${atMs}`]);
      expect(talk.lines.at(-1)).toBe('agent: You said good morning to you.');
    }
  });

  it('is said when the same words come spelled otherwise, and the log has them as they came last', async () => {
    const { begun, asked, aborted } = hello({}, [
      ...CLEAR.slice(0, 2),
      [2_000, 'good  morning'],
      [2_200, 'Good morning.', 'over'],
    ]);
    await using talk = await begun;
    await talk.clock.advance(6_000);
    expect(asked).toEqual(['good morning at 1800']);
    expect([aborted, outcomes(talk)]).toEqual([[], ['used']]);
    expect(talk.lines).toEqual(['person: Good morning.', 'agent: You said good morning.']);
    const { decidedMs, firstTokenMs } = traceOf(talk);
    expect(firstTokenMs! - decidedMs).toBe(100);
  });

  it('is dropped for nothing when they turn out to have said nothing to it, and when it is told to be silent', async () => {
    const { begun, aborted } = hello({}, [CLEAR[0]!, CLEAR[1]!, [2_200, '', 'over']]);
    await using talk = await begun;
    await talk.clock.advance(4_000);
    expect([talk.lines, aborted, outcomes(talk)]).toEqual([[], ['good morning at 2200'], ['dropped']]);

    const other = hello();
    await using muted = await other.begun;
    await muted.clock.advance(2_000);
    muted.agent.mute('a host');
    await muted.clock.advance(4_000);
    expect([muted.lines, other.aborted]).toEqual([['person: good morning'], ['good morning at 2000']]);
  });

  it('runs its tools when the turn is over, and once', async () => {
    const ran: number[] = [];
    const { model } = scriptedModel(({ id, epoch, messages }, { emit }) => {
      const last = messages.at(-1)!;
      if (last.role === 'tool') emit({ type: 'text', id, epoch, text: `It is ${last.text}.` });
      else emit({ type: 'tool-call', id, epoch, callId: 'c', name: 'time', arguments: {} });
      emit({ type: 'finished', id, epoch });
    });
    await using talk = await VirtualConversation.begin(SPEECH, [], {
      model,
      recognizer: judging(...CLEAR),
      tools: { time: { description: 'the time', run: () => `noon ${ran.push(talk.clock.now())}` } },
    });
    await talk.clock.advance(6_000);
    expect(ran).toEqual([2_200]);
    expect(talk.lines).toEqual(['person: good morning', 'tool: noon 1', 'agent: It is noon 1.']);
  });

  it('is not begun while a reply is being said', async () => {
    const { model } = scriptedModel(({ id, epoch, messages }, { emit }) => {
      asked.push(messages.at(-1)!.text);
      emit({ type: 'text', id, epoch, text: 'One two three four five six seven eight nine ten.' });
      emit({ type: 'finished', id, epoch });
    });
    const asked: string[] = [];
    await using talk = await VirtualConversation.begin(SPEECH, [], {
      model,
      interruptions: 'nobody',
      recognizer: judging(
        ...CLEAR,
        [2_600, '', 'begun'],
        [3_000, 'and then', 'ending'],
        [3_400, 'and then what', 'over'],
      ),
    });
    await talk.clock.advance(3_300);
    expect(asked).toEqual(['good morning']);
    await talk.clock.advance(8_000);
    expect(asked).toEqual(['good morning', 'and then what']);
  });

  it('is refused as an option of another kind', async () => {
    await expect(hello({ eager: 'yes' as never }).begun).rejects.toThrow(/voiceAgent\.eager.*received.*yes/s);
  });

  it('is for the one who ended first, with the name of whoever speaks', async () => {
    const { begun, asked, aborted } = hello();
    await using talk = await begun;
    const eve = judging(
      [700, '', 'begun'],
      [1_900, 'me too', 'ending'],
      [2_000, 'me too', 'resumed'],
      [2_500, 'me too please', 'over'],
    );
    await talk.agent.addSpeaker({ id: 'eve', hears: silence(talk.clock), recognizer: eve });
    await talk.clock.advance(8_000);
    expect(asked[0]).toBe('good morning at 1800');
    expect(asked[1]).toMatch(/^me too please at/);
    expect([aborted, outcomes(talk)]).toEqual([[], ['used']]);
    expect(talk.lines.filter((line) => line.startsWith('agent'))).toEqual([
      'agent: You said good morning.',
      'agent: You said me too please.',
    ]);
  });
});
