import { checklist } from '@sluice/core/testing';
import type { LanguageModelEvent, Message, ReplyRequest } from '@sluice/core/voice';
import { type OpenAiChatOptions, openaiChat } from '@sluice/plugin-openai';
import { type ChatReply, type OpenAiServer, startOpenAiServer } from '@sluice/plugin-openai/testing';
import { serviceChecklist } from '@sluice/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gather } from './gather.ts';

let server: OpenAiServer;
let reply: ChatReply = 'hello';
beforeAll(async () => {
  server = await startOpenAiServer({ reply: () => reply });
});
afterAll(() => server.close());

const model = (more: Partial<OpenAiChatOptions> = {}) =>
  openaiChat({ model: 'gpt-4.1-mini', baseUrl: server.baseUrl, retries: 0, ...more });
const ask = (messages: readonly Message[], more: Partial<ReplyRequest> = {}): ReplyRequest => ({
  id: 'a',
  epoch: 0,
  messages,
  ...more,
});
const user: Message = { role: 'user', text: 'What is the weather?' };
const sent = () => server.requests.at(-1)?.json as Record<string, unknown>;

describe('openaiChat', () => {
  checklist(it, model, { kind: 'language-model' });
});

describe('openaiChat as a service', () => {
  const text = 'The weather is fine: 21 °C, 世界 🌊 and so on for a while.';
  serviceChecklist<OpenAiServer, ReplyRequest, LanguageModelEvent>(it, {
    service: '127.0.0.1',
    secret: { name: 'apiKey', value: 'sk-test-0123456789abcdefABCDEF' },
    start: () => startOpenAiServer({ reply: () => text }),
    make: ({ baseUrl }, waitMs) =>
      openaiChat({ model: 'm', baseUrl, firstByteMs: waitMs, silenceMs: waitMs, retries: 1 }),
    items: (epoch) => [{ id: `${epoch}`, epoch, messages: [user] }],
    told: (event) => (event.type === 'text' ? event.text : event.type),
    asks: true,
    needsKey: false,
    middle: 300,
    unknown: 'event: weather.changed\ndata: {"object":"weather","sun":true}\n\n: comment\n\n',
    malformed: 'data: {"choices": [{"delta"\n\n',
    flood: 3_000_000,
  });
});

describe('a request of openaiChat', () => {
  it('carries the conversation with tools, results and names', async () => {
    reply = 'Fine.';
    const tools = [{ name: 'weather', description: 'Looks', parameters: { type: 'object', properties: {} } }];
    const calls = [{ callId: 'c1', name: 'weather', arguments: { city: 'Oslo' } }];
    const messages: readonly Message[] = [
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Hi', name: 'Ann B. Åse' },
      { role: 'assistant', text: '', calls },
      { role: 'tool', callId: 'c1', text: 'rain' },
      { role: 'assistant', text: 'It rains.' },
      user,
    ];
    const settings = { temperature: 0.2, maxTokens: 50, body: { parallel_tool_calls: false } };
    await gather(model({ apiKey: () => 'k', ...settings }), [ask(messages, { tools })]);
    expect(sent()).toEqual({
      model: 'gpt-4.1-mini',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.2,
      max_completion_tokens: 50,
      parallel_tool_calls: false,
      tools: [{ type: 'function', function: tools[0] }],
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi', name: 'Ann_B_Åse' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'rain' },
        { role: 'assistant', content: 'It rains.' },
        { role: 'user', content: 'What is the weather?' },
      ],
    });
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer k');
  });

  it('holds the settings that held when it was written', async () => {
    const session = await model().open();
    await session.write(ask([user]));
    await session.write(ask([user], { id: 'b' }));
    session.update({ model: 'other', body: { stream_options: undefined } });
    await session.write(ask([user], { id: 'c' }));
    await session.flush();
    await session.close();
    expect(server.requests.slice(-3).map(({ json }) => (json as { model: string }).model)).toEqual([
      'gpt-4.1-mini',
      'gpt-4.1-mini',
      'other',
    ]);
    expect(sent()).not.toHaveProperty('stream_options');
  });
});

describe('a reply of openaiChat', () => {
  const told = async (what: ChatReply, more: Partial<OpenAiChatOptions> = {}) => {
    reply = what;
    return (await gather(model(more), [ask([user])])).events;
  };
  const raw = async (body: string) => {
    server.fail({ type: 'replace', body, contentType: 'text/event-stream' });
    return told('');
  };
  const chunk = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ choices: [{ delta, finish_reason: finish }] })}\n\n`;
  const events = (...list: readonly object[]) => list.map((event) => ({ id: 'a', epoch: 0, ...event }));

  it('is told word by word, with its tools and its tokens', async () => {
    const usage: unknown[] = [];
    const calls = [
      { name: 'weather', arguments: { city: 'Århus', days: [1, 2] } },
      { callId: 'x', name: 'stop', arguments: {} },
    ];
    expect(await told({ text: 'Let me look', calls }, { onUsage: (tokens) => usage.push(tokens) })).toEqual(
      events(
        { type: 'text', text: 'Let' },
        { type: 'text', text: ' me' },
        { type: 'text', text: ' look' },
        { type: 'tool-call', callId: 'call_1', name: 'weather', arguments: { city: 'Århus', days: [1, 2] } },
        { type: 'tool-call', callId: 'x', name: 'stop', arguments: {} },
        { type: 'finished' },
      ),
    );
    expect(usage).toEqual([{ promptTokens: 1, cachedTokens: 0, completionTokens: 3 }]);
  });

  it('may lack what other services leave out', async () => {
    expect(await raw(`${chunk({ content: 'Hi' })}${chunk({}, 'stop')}`)).toEqual(
      events({ type: 'text', text: 'Hi' }, { type: 'finished' }),
    );
    expect(await raw(`data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\n`)).toEqual(
      events({ type: 'text', text: 'Hi' }, { type: 'finished' }),
    );
    // No index, no id, arguments at once; then pieces that only the order tells apart.
    const whole = chunk({ tool_calls: [{ function: { name: 'look', arguments: { at: 1 } } }] }, 'tool_calls');
    expect(await raw(whole)).toEqual(
      events({ type: 'tool-call', callId: 'a-call-0', name: 'look', arguments: { at: 1 } }, { type: 'finished' }),
    );
    const pieces = [
      { id: 'one', function: { name: 'look', arguments: '{"a"' } },
      { function: { arguments: ':1}' } },
      { id: 'two', function: { name: 'stop', arguments: '' } },
    ];
    expect(await raw(pieces.map((piece) => chunk({ tool_calls: [piece] })).join('') + chunk({}, 'tool_calls'))).toEqual(
      events(
        { type: 'tool-call', callId: 'one', name: 'look', arguments: { a: 1 } },
        { type: 'tool-call', callId: 'two', name: 'stop', arguments: {} },
        { type: 'finished' },
      ),
    );
  });

  it.each([
    ['ends without an end', chunk({ content: 'Hi' }), 'retry', /in the middle/],
    ['is none', '{"id": 1}', 'fall-back', /Chat Completions/],
    ['was broken off by a filter', chunk({ content: 'Hi' }, 'content_filter'), 'give-up', /filter/],
    ['breaks off', 'data: {"error":{"message":"too busy","code":"server_error"}}\n\n', 'retry', /too busy/],
    ['is limited', 'data: {"error":{"message":"slow","code":"rate_limit_exceeded"}}\n\n', 'wait', /slow/],
    ['has tools without a name', chunk({ tool_calls: [{ index: 0 }] }, 'tool_calls'), 'retry', /no name/],
  ])('that %s has failed', async (_, body, category, message) => {
    expect((await raw(body)).at(-1)).toMatchObject({
      type: 'failed',
      error: { category, message: expect.stringMatching(message) },
    });
  });

  it('with arguments that are no JSON has failed, and runs no tool', async () => {
    for (const broken of ['{"city": "Os', '[1]', '"text"']) {
      const all = await told({ calls: [{ name: 'weather', arguments: broken }] });
      expect(all).toMatchObject([{ type: 'failed', error: { category: 'retry', model: 'openai-chat' } }]);
    }
  });
});

describe('the options of openaiChat', () => {
  it.each([
    [{ baseUrl: 'ftp://x' }, /baseUrl/],
    [{ model: '' }, /model/],
    [{ temperature: 3 }, /temperature/],
    [{ maxTokens: 0 }, /maxTokens/],
    [{ body: 'x' }, /body/],
    [{ usage: 1 }, /usage/],
    [{ onUsage: 1 }, /onUsage/],
    [{ retries: -1 }, /retries/],
    [{ silenceMs: 0 }, /silenceMs/],
    [{ apiKey: 'sk-1234567890' }, /apiKey/],
    [{ modl: 'x' }, /did you mean model/],
  ])('%j are refused', (options, message) => {
    expect(() => openaiChat({ model: 'm', ...options } as never)).toThrow(message);
    expect(() => openaiChat({ model: 'm', ...options } as never)).not.toThrow(/sk-1234567890/);
  });

  it('ask OpenAI itself only with a key', async () => {
    await expect(openaiChat({ model: 'm' }).open()).rejects.toMatchObject({
      category: 'give-up',
      message: expect.stringMatching(/OpenAI: the secret `apiKey` is missing/),
    });
  });
});
