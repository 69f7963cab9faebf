import { fakeLanguageModel, fakeSpeechModel, type Message } from '@sluice/core/voice';
import { realtimeAgent } from '@sluice/nodes';
import { describe, expect, it } from 'vitest';
import { scriptedModel, VirtualConversation } from '../virtual-conversation.ts';
import { hold, LONG, toneAgent } from './tone-talk.ts';

const spoken = (messages: readonly Message[]) =>
  messages.filter(({ role, text }) => role === 'assistant' && text !== '').map(({ text }) => text);

describe('contexts', () => {
  it('agents-js#1269: the model is told what it planned and nobody heard', async () => {
    const told: (readonly Message[])[] = [];
    const model = fakeLanguageModel({
      firstTokenMs: 200,
      reply: (messages) => {
        told.push([...messages]);
        return messages.at(-1)!.text === 'tell' ? LONG : 'Okay.';
      },
    });
    await hold(
      async (talk) => {
        await talk.say('tell');
        await talk.bargeInAt({ word: 'number' }, 'stop');
        await talk.expectHeard('okay');
      },
      { agent: toneAgent({ model }) },
    );
    const [heard, ...more] = spoken(told[1]!);
    expect(more).toEqual([]);
    expect(heard).toMatch(/^This is sentence number/);
    expect(heard!.length).toBeLessThan(80);
  });

  it('agents-js#2457: an interrupted reply is committed twice', async () => {
    const { model, told } = scriptedModel(({ id, epoch }, { emit }) => {
      emit({ type: 'text', id, epoch, text: 'One two three four five six. Seven eight nine ten.' });
      emit({ type: 'finished', id, epoch });
    });
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [3_000, 3_120],
        [3_900, 4_900],
        [9_000, 10_000],
      ],
      ['one', '', 'two', 'three'],
      { model },
    );
    await talk.clock.advance(4_300);
    // A cough, a person and the program all interrupt the same reply.
    void talk.agent.interrupt();
    void talk.agent.interrupt();
    await talk.clock.advance(12_000);
    const { entries } = talk.agent.log;
    expect(entries.filter(({ id }) => id.startsWith('r1'))).toHaveLength(1);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    expect(spoken(told.at(-1)!)).toHaveLength(2);
    expect(
      told
        .at(-1)!
        .filter(({ role }) => role === 'user')
        .map(({ text }) => text),
    ).toEqual(['one', 'two', 'three']);
  });

  it('openai-agents-js#1173: a speech model believes that it has said all of what was cut', async () => {
    const contexts: (readonly Message[])[] = [];
    const said = 'one two three four five six seven eight nine ten eleven twelve';
    const model = fakeSpeechModel({
      texts: ['tell', 'stop please'],
      firstByteMs: 200,
      reply: (context) => {
        contexts.push(structuredClone(context) as Message[]);
        return contexts.length === 1 ? said : 'okay';
      },
    });
    const { metrics } = await hold(
      async (talk) => {
        await talk.say('tell');
        await talk.bargeInAt({ afterMs: 1_000 }, 'stop please');
        await talk.expectSilenceWithin(200);
        await talk.expectLog([/^person/, /^agent: one two/, /^person/, 'agent: okay']);
      },
      {
        agent: ({ graph, hears, speaks, onEvent }) => realtimeAgent(graph, { hears, speaks, onEvent, model }),
        budgets: {},
      },
    );
    const [heard] = spoken(contexts[1]!);
    expect(said.startsWith(heard!)).toBe(true);
    // A word is 300 ms: three and a half are heard before it stands still.
    expect(heard!.split(' ').length).toBeGreaterThanOrEqual(2);
    expect(heard!.split(' ').length).toBeLessThanOrEqual(5);
    expect(metrics!.bargeIns).toBe(1);
  });
});
