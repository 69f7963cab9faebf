import { sleep } from '@sluice/core';
import { fakeSynthesizer, type Message, type ToolCall } from '@sluice/core/voice';
import type { AgentTool } from '@sluice/nodes';
import { describe, expect, it } from 'vitest';
import { scriptedModel, VirtualConversation } from './virtual-conversation.ts';

const STORY = 'One two three four. Five six seven eight. Nine ten eleven twelve.';

/** Tells a story at first, then says that it has understood. */
const teller = () =>
  scriptedModel(({ id, epoch, messages }, { emit }) => {
    const text = messages.filter(({ role }) => role === 'user').length === 1 ? STORY : 'I see.';
    emit({ type: 'text', id, epoch, text });
    emit({ type: 'finished', id, epoch });
  });
/** Asks for tools at first, then says what it was told by them. */
const asker = (...calls: readonly Omit<ToolCall, 'arguments'>[]) =>
  scriptedModel(({ id, epoch, messages }, { emit }) => {
    const last = messages.at(-1)!;
    if (last.role === 'user' && last.text === 'ask')
      for (const call of calls) emit({ type: 'tool-call', id, epoch, ...call, arguments: {} });
    else emit({ type: 'text', id, epoch, text: last.role === 'tool' ? `It says ${last.text}.` : 'I see.' });
    emit({ type: 'finished', id, epoch });
  });

/** A short form of what a model was told; fails where a service would refuse it. */
function shown(messages: readonly Message[]): string[] {
  let open: string[] = [];
  const lines = messages.map((message) => {
    if (message.role === 'tool') {
      expect(open).toContain(message.callId);
      open = open.filter((id) => id !== message.callId);
      return `tool ${message.callId}: ${message.text}`;
    }
    expect(open).toEqual([]);
    if (message.role !== 'assistant' || message.calls === undefined) return `${message.role}: ${message.text}`;
    open = message.calls.map(({ callId }) => callId);
    return `calls ${open.join(' ')}`;
  });
  expect(open).toEqual([]);
  return lines;
}

describe('what the model is told after an interruption', () => {
  it('before the first frame: the turn that was not answered, and the next answer comes', async () => {
    const { model, told } = teller();
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [2_200, 3_000],
      ],
      ['tell me everything', 'never mind that'],
      { model, synthesizer: fakeSynthesizer({ firstByteMs: 900 }) },
    );
    await talk.clock.advance(8_000);
    expect(shown(told[1]!)).toEqual(['user: tell me everything', 'user: never mind that']);
    expect(talk.lines.at(-1)).toBe('agent: I see.');
    expect(talk.agent.state).toEqual({ state: 'listening' });
  });

  it('in the middle: what was heard and nothing of what was only planned', async () => {
    const { model, told } = teller();
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [3_300, 4_300],
      ],
      ['tell me everything', 'stop it there'],
      { model },
    );
    await talk.clock.advance(9_000);
    const [, heard] = shown(told[1]!);
    expect(heard).toMatch(/^assistant: One two three/);
    expect(heard).not.toMatch(/Five|Nine/);
    expect(talk.agent.log.entries[1]).toMatchObject({ interrupted: true, planned: STORY });
  });

  it('twice in 100 ms: once, and once in the log', async () => {
    const { model, told } = teller();
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [6_000, 7_000],
      ],
      ['tell me everything', 'stop it there'],
      { model },
    );
    await talk.clock.advance(3_400);
    const both = [talk.agent.interrupt()];
    await talk.clock.advance(60);
    both.push(talk.agent.interrupt());
    await talk.clock.advance(7_000);
    await Promise.all(both);
    expect(talk.agent.log.entries.filter(({ id }) => id === 'r1')).toHaveLength(1);
    expect(shown(told[1]!)).toEqual([
      'user: tell me everything',
      expect.stringMatching(/^assistant: One two/),
      'user: stop it there',
    ]);
  });

  it('at the last word: that word or not, as it was heard, and the log says the same', async () => {
    for (const atMs of [5_300, 5_450, 5_600, 5_750]) {
      const { model, told } = teller();
      await using talk = await VirtualConversation.begin(
        [
          [500, 1_500],
          [7_000, 8_000],
        ],
        ['tell me everything', 'thank you so much'],
        { model },
      );
      await talk.clock.advance(atMs);
      void talk.agent.interrupt();
      await talk.clock.advance(12_000 - atMs);
      const heard = talk.agent.log.entries[1]!.text;
      expect(STORY.startsWith(heard)).toBe(true);
      expect(shown(told[1]!)).toEqual(['user: tell me everything', `assistant: ${heard}`, 'user: thank you so much']);
    }
  });

  it('in the pause of a doubt: up to the pause', async () => {
    const { model, told } = teller();
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [3_300, 3_500],
        [6_000, 7_000],
      ],
      ['tell me everything', '', 'are you there'],
      { model },
    );
    await talk.clock.advance(3_450);
    expect(talk.events.some(({ type }) => type === 'paused')).toBe(true);
    const interrupted = talk.agent.interrupt();
    await talk.clock.advance(7_000);
    await interrupted;
    expect(shown(told[1]!)).toEqual([
      'user: tell me everything',
      expect.stringMatching(/^assistant: One two three/),
      'user: are you there',
    ]);
    expect(shown(told[1]!)[1]).not.toMatch(/Five/);
  });
});

describe('tools in what the model is told', () => {
  it('stand with their results, for later turns too', async () => {
    const { model, told } = asker({ callId: 'a', name: 'clock' }, { callId: 'b', name: 'calendar' });
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [5_000, 6_000],
      ],
      ['ask', 'thanks'],
      {
        model,
        tools: {
          clock: { description: '', run: () => 'noon' },
          calendar: { description: '', run: () => 'monday' },
        },
      },
    );
    await talk.clock.advance(9_000);
    expect(talk.lines).toEqual([
      'person: ask',
      'tool: noon',
      'tool: monday',
      'agent: It says monday.',
      'person: thanks',
      'agent: I see.',
    ]);
    expect(shown(told[2]!)).toEqual([
      'user: ask',
      'calls a b',
      'tool a: noon',
      'tool b: monday',
      'assistant: It says monday.',
      'user: thanks',
    ]);
  });

  it('interrupted while they run: what has come, and that the rest was given up', async () => {
    const { model, told } = asker({ callId: 'a', name: 'fast' }, { callId: 'b', name: 'slow' });
    let aborted = false;
    const slow: AgentTool = {
      description: '',
      run: (_args, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
    };
    await using talk = await VirtualConversation.begin(
      [
        [500, 1_500],
        [3_000, 4_000],
      ],
      ['ask', 'never mind that'],
      { model, tools: { fast: { description: '', run: () => 'done' }, slow } },
    );
    await talk.clock.advance(8_000);
    expect(aborted).toBe(true);
    expect(shown(told[1]!)).toEqual([
      'user: ask',
      'calls a b',
      'tool a: done',
      expect.stringMatching(/^tool b: error: it was given up/),
      'user: never mind that',
    ]);
    expect(talk.lines.at(-1)).toBe('agent: I see.');
  });

  it('run while what the model said before them is heard', async () => {
    const { model } = scriptedModel(({ id, epoch, messages }, { emit }) => {
      const last = messages.at(-1)!;
      emit({ type: 'text', id, epoch, text: last.role === 'tool' ? `It says ${last.text}.` : 'Let me look.' });
      if (last.role !== 'tool') emit({ type: 'tool-call', id, epoch, callId: 'a', name: 'search', arguments: {} });
      emit({ type: 'finished', id, epoch });
    });
    let wasHeard = false;
    const search: AgentTool = {
      description: '',
      run: async () => {
        await sleep(talk.clock, 3_000);
        wasHeard = talk.sent.some((sample) => Math.abs(sample) > 50);
        return 'found';
      },
    };
    await using talk: VirtualConversation = await VirtualConversation.begin([[500, 1_500]], ['ask'], {
      model,
      tools: { search },
    });
    await talk.clock.advance(10_000);
    expect(wasHeard).toBe(true);
    expect(talk.lines.filter((line) => line.startsWith('agent'))).toEqual(['agent: Let me look. It says found.']);
  });

  it('tell and say how far they are', async () => {
    const { model } = asker({ callId: 'a', name: 'search' });
    const search: AgentTool = {
      description: '',
      maxMs: 20_000,
      run: async (_args, { progress }) => {
        progress('begun');
        await sleep(talk.clock, 9_000);
        progress('Still looking.', { say: true });
        await sleep(talk.clock, 3_000);
        return 'found';
      },
    };
    await using talk: VirtualConversation = await VirtualConversation.begin([[500, 1_500]], ['ask'], {
      model,
      tools: { search },
    });
    await talk.clock.advance(20_000);
    const told = talk.events.flatMap((event) =>
      event.type === 'tool-progress' ? [`${event.tool} ${event.text}`] : [],
    );
    expect(told).toEqual(['search begun', 'search Still looking.']);
    expect(talk.lines).toEqual(['person: ask', 'agent: Still looking.', 'tool: found', 'agent: It says found.']);
    expect(talk.events.filter(({ type }) => type === 'problem')).toEqual([]);
  });

  it('in the background: the conversation goes on, and the result comes when nobody speaks', async () => {
    const { model, told } = asker({ callId: 'a', name: 'search' });
    const search: AgentTool = {
      description: '',
      background: true,
      run: async (_args, { progress }) => {
        await sleep(talk.clock, 5_000);
        progress('Almost there.', { say: true });
        await sleep(talk.clock, 300);
        return 'gold';
      },
    };
    // Both come after 7,000 ms, while they speak.
    await using talk: VirtualConversation = await VirtualConversation.begin(
      [
        [500, 1_500],
        [6_900, 8_600],
      ],
      ['ask', 'how are you today'],
      { model, tools: { search } },
    );
    await talk.clock.advance(20_000);
    expect(talk.lines).toEqual([
      'person: ask',
      expect.stringMatching(/^tool: search has begun/),
      expect.stringMatching(/^agent: It says search has begun/),
      'person: how are you today',
      'agent: I see.',
      expect.stringMatching(/^(agent: Almost there|tool: gold)/),
      expect.anything(),
      expect.anything(),
    ]);
    expect(talk.lines.slice(-3).toSorted()).toEqual(['agent: Almost there.', 'agent: It says gold.', 'tool: gold']);
    expect(talk.events.filter(({ type }) => type === 'interrupted')).toEqual([]);
    expect(shown(told.at(-1)!)).toContain('tool a-later: gold');
  });
});
