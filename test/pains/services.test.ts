import {
  defineVoiceModel,
  fakeLanguageModel,
  fakeRecognizer,
  type LanguageModel,
  type LanguageModelEvent,
  type Recognizer,
  type ReplyRequest,
  type SessionContext,
  voiceError,
} from '@sluice/core/voice';
import { describe, expect, it } from 'vitest';
import { VirtualConversation } from '../virtual-conversation.ts';

type Told = SessionContext<LanguageModelEvent, object>;

const turns = (count: number) => Array.from({ length: count }, (_, i) => [500 + i * 6_000, 1_500 + i * 6_000] as const);
const words = (count: number) => Array.from({ length: count }, (_, i) => `turn ${i + 1}`);

/** Ears whose service ends the session whenever it has told a final. */
function recycledEars(texts: readonly string[]): { readonly recognizer: Recognizer; readonly opened: () => number } {
  let [opened, next] = [0, 0];
  const recognizer = defineVoiceModel({
    ...fakeRecognizer(),
    kind: 'recognizer',
    name: 'recycled',
    settings: {},
    start: ({ emit, fail }) => {
      opened++;
      let [start, end] = [-1, -1];
      return {
        write(frame) {
          if (!frame.samples.some((sample) => Math.abs(sample) > 1_000)) return;
          if (start < 0) start = frame.timestamp;
          end = frame.timestamp + 20_000;
        },
        flush() {
          if (start < 0) return;
          const [from, to] = [start, end] as Extract<Parameters<typeof emit>[0], { type: 'final' }>['start'][];
          emit({ type: 'final', text: texts[next++] ?? '', words: [], start: from!, end: to! });
          fail(voiceError('the session has reached its longest time', { model: 'recycled', category: 'retry' }));
        },
      };
    },
  });
  return { recognizer, opened: () => opened };
}

function faulty(fault: (request: ReplyRequest, told: Told, count: number) => void): LanguageModel {
  let count = 0;
  return defineVoiceModel({
    kind: 'language-model',
    name: 'faulty',
    latencyMs: 0,
    settings: {},
    start: (told) => ({
      write: (request) => {
        const { id, epoch } = request;
        if (count++ === 0) return fault(request, told, count);
        told.emit({ type: 'text', id, epoch, text: 'Here I am.' });
        told.emit({ type: 'finished', id, epoch });
      },
    }),
  });
}

const faults: readonly (readonly [string, (request: ReplyRequest, told: Told) => void])[] = [
  ['fails', ({ id, epoch }, { emit }) => emit({ type: 'failed', id, epoch, error: new Error('no') })],
  ['never says a word', () => {}],
  ['stops in the middle of a word', ({ id, epoch }, { emit }) => emit({ type: 'text', id, epoch, text: 'One tw' })],
  ['loses its session', (_request, { fail }) => fail(new Error('gone'))],
  [
    'throws',
    () => {
      throw new Error('a fault of the plugin');
    },
  ],
  [
    'answers somebody else',
    ({ epoch }, { emit }) => {
      emit({ type: 'text', id: 'nobody', epoch, text: 'What?' });
      emit({ type: 'finished', id: 'nobody', epoch });
    },
  ],
];

describe('services', () => {
  it('livekit/agents#5879: dead after the service has recycled its session', async () => {
    const { recognizer, opened } = recycledEars(words(10));
    await using talk = await VirtualConversation.begin(turns(10), [], {
      recognizer,
      model: fakeLanguageModel({ reply: (messages) => `Heard ${messages.at(-1)!.text}.` }),
    });
    await talk.clock.advance(62_000);
    expect(talk.lines).toEqual(words(10).flatMap((text) => [`person: ${text}`, `agent: Heard ${text}.`]));
    expect(opened()).toBeGreaterThanOrEqual(10);
    expect(talk.agent.state).toEqual({ state: 'listening' });
  });

  it('livekit/agents#4705: a service that is down is tried again for 40 minutes', async () => {
    let asked = 0;
    const model = defineVoiceModel({
      kind: 'language-model',
      name: 'down',
      latencyMs: 0,
      settings: {},
      start: ({ emit }) => ({
        write: ({ id, epoch }) => {
          asked++;
          emit({
            type: 'failed',
            id,
            epoch,
            error: voiceError('the service is down', { model: 'down', category: 'retry' }),
          });
        },
      }),
    });
    await using talk = await VirtualConversation.begin(turns(1), ['hello'], { model, apology: 'Sorry.' });
    await talk.clock.advance(12_000);
    expect(talk.lines).toEqual(['person: hello', 'agent: Sorry.']);
    expect(talk.agent.metrics().problems).toBeGreaterThan(0);
    const soon = asked;
    expect(soon).toBeLessThanOrEqual(4);
    // Nobody asks on behalf of a turn that was apologised for.
    await talk.clock.advance(60_000);
    expect(asked).toBe(soon);
    expect(talk.agent.state).toEqual({ state: 'listening' });
  });

  it.each(faults)('pipecat#3949: the agent never answers again once its model %s', async (_what, fault) => {
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [14_000, 15_000],
      ],
      ['hello', 'are you there'],
      { model: faulty(fault), bounds: { thinkingMs: 2_000, speakingMs: 6_000 } },
    );
    await talk.clock.advance(20_000);
    expect(talk.lines.slice(-2)).toEqual(['person: are you there', 'agent: Here I am.']);
    expect(talk.longestSilenceMs(15_600, 16_400)).toBeLessThan(700);
    expect(talk.agent.state).toEqual({ state: 'listening' });
  });
});
