import { graph } from '@sluice/core';
import { fakeLanguageModel, fakeSpeechModel, type Message } from '@sluice/core/voice';
import { type ConversationHistory, type RealtimeAgent, realtimeAgent } from '@sluice/nodes';
import { describe, expect, it } from 'vitest';
import { scriptedModel, VirtualConversation, VirtualStudio, virtualPerson } from './virtual-conversation.ts';

/** As it is kept and read again. */
const kept = (history: ConversationHistory): ConversationHistory => JSON.parse(JSON.stringify(history));

describe('a conversation that goes on with another agent', () => {
  it('is told to its model as it was heard, cut answers and tools included', async () => {
    const asks = scriptedModel(({ id, epoch, messages }, { emit }) => {
      if (messages.at(-1)?.text === 'what time is it')
        emit({ type: 'tool-call', id, epoch, callId: 'call-1', name: 'clock', arguments: { zone: 'UTC' } });
      else emit({ type: 'text', id, epoch, text: 'One two three four five six seven eight nine ten.' });
      emit({ type: 'finished', id, epoch });
    });
    let before: ConversationHistory;
    {
      await using first = await VirtualConversation.begin(
        [
          [500, 1_500],
          [3_500, 4_500],
          [9_500, 10_500],
        ],
        ['what time is it', 'stop please', 'thank you'],
        { model: asks.model, tools: { clock: { description: 'tells the time', run: () => 'noon' } } },
      );
      await first.clock.advance(12_600);
      before = kept(first.agent.history());
    }
    expect(before).toMatchObject({ version: 1, leftOut: 0 });
    const cut = before.lines.find(({ interrupted }) => interrupted)!;
    expect(cut.text).toMatch(/^One two/);
    expect(cut.text).not.toMatch(/ten/);
    // What is being said when the process dies is in it as far as it was heard.
    expect(before.lines.at(-1)).toMatchObject({ who: 'agent', interrupted: true });
    expect(before.lines.at(-1)!.text).toMatch(/^One two three/);
    expect(before.lines.at(-1)!.text).not.toMatch(/ten/);

    const next = scriptedModel(({ id, epoch }, { emit }) => {
      emit({ type: 'text', id, epoch, text: 'There.' });
      emit({ type: 'finished', id, epoch });
    });
    await using second = await VirtualConversation.begin([[500, 1_500]], ['where were we'], {
      model: next.model,
      system: 'Be brief.',
    });
    second.agent.recall(before);
    await second.clock.advance(4_000);
    expect(next.told[0]).toEqual<Message[]>([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'what time is it' },
      { role: 'assistant', text: '', calls: [{ callId: 'call-1', name: 'clock', arguments: { zone: 'UTC' } }] },
      { role: 'tool', callId: 'call-1', text: 'noon' },
      { role: 'assistant', text: cut.text },
      { role: 'user', text: 'stop please' },
      ...before.lines.slice(4, -2).map(({ text }) => ({ role: 'assistant' as const, text })),
      { role: 'user', text: 'thank you' },
      { role: 'assistant', text: before.lines.at(-1)!.text },
      { role: 'user', text: 'where were we' },
    ]);
    // And so on: the next one is told both.
    expect(second.agent.history().lines.map(({ text }) => text)).toEqual([
      ...before.lines.map(({ text }) => text),
      'where were we',
      'There.',
    ]);
  });

  it('is not recalled when it has begun, nor twice', async () => {
    const history: ConversationHistory = { version: 1, lines: [{ who: 'person', text: 'hello' }], leftOut: 0 };
    await using talk = await VirtualConversation.begin([[500, 1_500]], ['good morning'], {
      model: fakeLanguageModel(),
    });
    talk.agent.recall(undefined);
    talk.agent.recall(history);
    expect(() => talk.agent.recall(history)).toThrow(expect.objectContaining({ code: 'SLUICE_HISTORY_LATE' }));
    expect(talk.events.filter(({ type }) => type === 'logged')).toEqual([]);
  });
});

describe('a speech model', () => {
  const history: ConversationHistory = {
    version: 1,
    lines: [
      { who: 'person', text: 'my name is Ada' },
      { who: 'agent', text: 'Good morning,', interrupted: true },
    ],
    leftOut: 0,
  };

  it.each([
    ['before its session is open', 0],
    ['when its session is open', 200],
  ])('is told of the conversation before, %s', async (_when, afterMs) => {
    const studio = new VirtualStudio();
    const { clock } = studio;
    const contexts: (readonly Message[])[] = [];
    const bot = graph('agent', { clock });
    const agent: RealtimeAgent = realtimeAgent(bot, {
      hears: bot.from(virtualPerson(clock, [[1_000, 2_000]], { sampleRate: 24_000 })),
      speaks: studio.microphone(24_000),
      model: fakeSpeechModel({
        texts: ['what is my name'],
        reply: (context) => {
          contexts.push([...context]);
          return 'Your name is Ada.';
        },
      }),
    });
    await bot.start();
    if (afterMs > 0) await clock.advance(afterMs);
    agent.recall(history);
    await clock.advance(8_000);
    expect(contexts[0]!.slice(0, 3)).toEqual<Message[]>([
      { role: 'user', text: 'my name is Ada' },
      { role: 'assistant', text: 'Good morning,' },
      { role: 'user', text: 'what is my name' },
    ]);
    expect(contexts[0]).toHaveLength(3);
    expect(agent.history().lines.map(({ text }) => text)).toEqual([
      'my name is Ada',
      'Good morning,',
      'what is my name',
      'Your name is Ada.',
    ]);
    await studio.close(agent, bot);
  });
});
