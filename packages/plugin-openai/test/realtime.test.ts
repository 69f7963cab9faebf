import { AudioFrame, realClock, samplesToMicros } from '@sluice/core';
import { checklist } from '@sluice/core/testing';
import {
  categoryOf,
  type SpeechModelEvent,
  type SpeechModelItem,
  type SpeechModelSession,
  type SpeechReplyEvent,
} from '@sluice/core/voice';
import { type OpenAiRealtimeOptions, type OpenAiRealtimeSettings, openaiRealtime } from '@sluice/plugin-openai';
import { type OpenAiServer, type RealtimeScript, startOpenAiServer } from '@sluice/plugin-openai/testing';
import { serviceChecklist } from '@sluice/service/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const KEY = 'sk-never-to-be-shown';

/** Half a second of silence, one of a tone, and a second of silence. */
function sound(sampleRate: number): Int16Array {
  const samples = new Int16Array(sampleRate * 2.5);
  for (let i = sampleRate / 2; i < sampleRate * 1.5; i++) samples[i] = 8_000 * Math.sin((i * 1_400) / sampleRate);
  return samples;
}
function frames(sampleRate: number): AudioFrame[] {
  const all = sound(sampleRate);
  const length = sampleRate / 50;
  return Array.from({ length: all.length / length }, (_, i) => {
    const samples = all.slice(i * length, (i + 1) * length);
    return new AudioFrame({ samples, sampleRate, channels: 1, timestamp: samplesToMicros(i * length, sampleRate) });
  });
}

let server: OpenAiServer;
let session: SpeechModelSession<OpenAiRealtimeSettings> | undefined;
afterEach(async () => {
  await session?.close();
  session = undefined;
  await server?.close();
});

/** A session with a server of this script, and what it tells. */
async function talk(realtime: RealtimeScript = {}, options: OpenAiRealtimeOptions = {}) {
  server = await startOpenAiServer({ realtime, apiKey: KEY });
  const model = openaiRealtime({ baseUrl: server.baseUrl, ...options });
  session = (await model.open({ clock: realClock, secrets: { apiKey: KEY } })) as typeof session;
  const events: SpeechModelEvent[] = [];
  let lost: unknown;
  const ended = (async () => {
    try {
      for await (const event of session!) events.push(event);
    } catch (error) {
      lost = error;
    }
  })();
  const write = async (...items: SpeechModelItem[]) => {
    for (const item of items) await session!.write(item);
  };
  const until = async (type: string, id?: string) => {
    for (let turn = 0; turn < 400; turn++) {
      const found = events.find(
        (event) => event.type === type && (id === undefined || ('id' in event && event.id === id)),
      );
      if (found !== undefined || lost !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`no ${type} came; ${events.map((event) => event.type).join(' ')}`);
  };
  const of = (id: string) => events.filter((event): event is SpeechReplyEvent => 'id' in event && event.id === id);
  return { events, write, until, of, ended, lost: () => lost, server: () => server.realtime[0]! };
}
const says = (text: string): SpeechModelItem => ({ type: 'message', message: { role: 'user', text } });
const respond = (id: string, epoch = 0): SpeechModelItem => ({ type: 'respond', id, epoch });
const audioMs = (events: readonly SpeechReplyEvent[]) =>
  events.reduce(
    (sum, event) => sum + (event.type === 'audio' ? (event.samples.length * 1_000) / event.sampleRate : 0),
    0,
  );

describe('openaiRealtime', () => {
  describe('conforms', () => {
    let conforming: OpenAiServer;
    beforeAll(async () => {
      conforming = await startOpenAiServer({ realtime: { hears: [] } });
    });
    afterAll(() => conforming.close());
    checklist(it, () => openaiRealtime({ baseUrl: conforming.baseUrl }), {
      kind: 'speech-model',
      profile: { sound: { samples: sound(24_000), sampleRate: 24_000 } },
    });
  });

  describe('as a service', () => {
    const sent = (type: string) => (local: OpenAiServer) =>
      local.sockets.some(({ received }) => received.some((message) => (message as { type?: string }).type === type));
    serviceChecklist<OpenAiServer, SpeechModelItem, SpeechModelEvent>(it, {
      service: '127.0.0.1',
      secret: { name: 'apiKey', value: 'sk-test-0123456789abcdefABCDEF' },
      start: () => startOpenAiServer({ realtime: { reply: () => 'one two' } }),
      make: ({ baseUrl }, waitMs) => openaiRealtime({ baseUrl, firstByteMs: waitMs, silenceMs: waitMs }),
      items: (epoch) => [says('hello'), respond(`${epoch}`, epoch)],
      told: (event) => (event.type === 'text' ? event.text : undefined),
      asks: true,
      asked: sent('response.create'),
      stopped: sent('response.cancel'),
      needsKey: false,
      // A session is lost with its connection, and opened again by the agent.
      retries: false,
      recovers: false,
      middle: 1_000,
      unknown: '{"type":"mood.changed","event_id":"event_0","mood":"cheerful"}',
      malformed: '{"type":',
      flood: 5_000_000,
    });
  });

  it.each(['audio/pcm', 'audio/pcmu', 'audio/pcma'] as const)('hears and speaks in %s', async (format) => {
    const { write, until, of, events } = await talk(
      { hears: ['good morning'], reply: () => 'hello to you' },
      { format },
    );
    for (const frame of frames(format === 'audio/pcm' ? 24_000 : 8_000)) await write({ type: 'audio', frame });
    await until('turn-over');
    await write(respond('a'));
    await until('finished');
    const speech = events.filter((event) => event.type === 'speech');
    expect(speech.map(({ speaking }) => speaking)).toEqual([true, false]);
    expect(speech[0]!.at / 1_000).toBeCloseTo(500, -1.5);
    expect(speech[1]!.at / 1_000).toBeCloseTo(1_500, -1.5);
    expect(events.find((event) => event.type === 'transcript' && event.final)).toMatchObject({ text: 'good morning' });
    expect(audioMs(of('a'))).toBeCloseTo(900, -1);
    const text = of('a').map((event) => (event.type === 'text' ? event.text : ''));
    expect(text.join('')).toBe('hello to you');
    const loudest = Math.max(...of('a').flatMap((event) => (event.type === 'audio' ? [...event.samples] : [])));
    expect(loudest).toBeGreaterThan(7_000);
    expect(loudest).toBeLessThan(9_000);
  });

  it('asks for no reply unasked, and gives brief, voice and format as they are given', async () => {
    const {
      write,
      until,
      server: talked,
    } = await talk({}, { voice: 'cedar', turns: { type: 'semantic_vad', eagerness: 'low' } });
    const tools = [{ name: 'clock', description: 'the time', parameters: { type: 'object' } }];
    await write({ type: 'brief', system: 'be kind', tools }, says('hi'), respond('a'));
    await until('finished');
    const updates = server.sockets[0]!.received.filter(
      (event) => (event as { type: string }).type === 'session.update',
    );
    expect(updates.at(-1)).toMatchObject({
      session: {
        type: 'realtime',
        instructions: 'be kind',
        tools: [{ type: 'function', name: 'clock' }],
        audio: {
          input: {
            format: { type: 'audio/pcm', rate: 24_000 },
            turn_detection: { create_response: false, interrupt_response: false, eagerness: 'low' },
          },
          output: { voice: 'cedar' },
        },
      },
    });
    expect(server.sockets[0]!.query.get('model')).toBe('gpt-realtime-2.1');
    expect(talked().errors).toEqual([]);
  });

  it('cancels at the service what is interrupted, and cuts it there to what was heard', async () => {
    const { write, until, server: talked, of } = await talk({ reply: () => 'one two three four five', pieceMs: 20 });
    await write(says('go'), respond('a'));
    await until('audio', 'a');
    session!.cancel(1);
    await write({ type: 'heard', id: 'a', heardMs: 37.4 }, says('again'), respond('b', 1));
    await until('finished', 'b');
    expect(talked().cancelled).toEqual(['a']);
    expect(talked().truncated).toMatchObject([{ audioEndMs: 37 }]);
    expect(talked().errors).toEqual([]);
    expect(of('a').some(({ type }) => type === 'finished')).toBe(false);
    expect(audioMs(of('b'))).toBeCloseTo(1_500, -1);
  });

  it('leaves nothing of a reply in the context that was interrupted before its first frame', async () => {
    const {
      write,
      until,
      server: talked,
    } = await talk({ fault: (reply) => (reply === 0 ? 'slow' : undefined), slowMs: 80 });
    await write(says('go'), respond('a'));
    session!.cancel(1);
    await write({ type: 'heard', id: 'a', heardMs: 0 }, respond('b', 1));
    await until('finished', 'b');
    expect(talked().cancelled).toEqual(['a']);
    expect(talked().items.filter(({ role }) => role === 'assistant').length).toBe(1);
    expect(talked().errors).toEqual([]);
  });

  it('cuts what was finished at the service and still being heard, and not what was heard to its end', async () => {
    const { write, until, server: talked } = await talk();
    await write(says('one two three'), respond('a'));
    await until('finished', 'a');
    session!.cancel(1);
    await write({ type: 'heard', id: 'a', heardMs: 610 }, respond('b', 1));
    await until('finished', 'b');
    session!.cancel(2);
    await write({ type: 'heard', id: 'b', heardMs: 99_999 }, respond('c', 2));
    await until('finished', 'c');
    expect(talked().truncated).toMatchObject([{ audioEndMs: 610, ofMs: 900 }]);
    expect([talked().cancelled, talked().errors]).toEqual([[], []]);
  });

  it('calls tools and goes on with their results; is told of an earlier conversation', async () => {
    const {
      write,
      until,
      of,
      server: talked,
    } = await talk({
      reply: (items) =>
        items.at(-1)?.type === 'function_call_output'
          ? `it is ${items.at(-1)!.text}`
          : { text: 'wait', call: { name: 'clock', arguments: { zone: 'utc' } } },
    });
    const call = { callId: 'old', name: 'clock', arguments: {} };
    await write(
      { type: 'message', message: { role: 'assistant', text: 'before', calls: [call] } },
      { type: 'message', message: { role: 'tool', callId: 'old', text: 'noon' } },
      says('what time is it'),
      respond('a'),
    );
    await until('finished', 'a');
    const asked = of('a').find((event) => event.type === 'tool-call');
    expect(asked).toMatchObject({ name: 'clock', arguments: { zone: 'utc' } });
    await write({ type: 'tool-result', callId: asked!.callId, text: 'one' }, respond('b'));
    await until('finished', 'b');
    expect(of('b').some((event) => event.type === 'text' && event.text.includes('one'))).toBe(true);
    expect(
      talked()
        .items.map(({ type }) => type)
        .slice(0, 3),
    ).toEqual(['message', 'function_call', 'function_call_output']);
  });

  it('ends turns when it is told to where the service does not', async () => {
    const { write, until, events, server: talked } = await talk({ hears: ['yes'] }, { turns: { type: 'none' } });
    await write({ type: 'turn-over' });
    await until('turn-over');
    for (const frame of frames(24_000)) await write({ type: 'audio', frame });
    await write({ type: 'turn-over' });
    await until('transcript');
    expect(events.filter(({ type }) => type === 'turn-over').length).toBe(2);
    expect(events.some(({ type }) => type === 'speech')).toBe(false);
    expect(talked().errors).toEqual([]);
  });

  describe('when the service fails', () => {
    it.each([
      ['error', 'failed', 'retry'],
      ['failed', 'failed', 'retry'],
    ] as const)('by %s, the reply fails and the next is made', async (fault, end, category) => {
      const { write, until, of } = await talk({ fault: (reply) => (reply === 0 ? fault : undefined) });
      await write(says('hi'), respond('a'), respond('b'));
      await until('finished', 'b');
      const last = of('a').at(-1)!;
      expect(last.type).toBe(end);
      expect(last.type === 'failed' && categoryOf(last.error)).toBe(category);
    });

    it.each(['slow', 'unknown'] as const)('by %s, the reply is made all the same', async (fault) => {
      const { write, until, of } = await talk({ fault: () => fault, slowMs: 50 });
      await write(says('one two'), respond('a'));
      await until('finished', 'a');
      expect(audioMs(of('a'))).toBeCloseTo(600, -1);
    });

    it.each([
      ['half', { silenceMs: 60 }, 'retry', /nothing came for 60 ms/],
      ['close', {}, 'retry', /internal error/],
      ['expired', {}, 'retry', /maximum duration/],
      ['wrong-format', {}, 'fall-back', /sent 3 bytes/],
      ['flood', {}, 'fall-back', /events are not read|more than/],
    ] as const)('by %s, the session is lost and says what helps', async (fault, options, category, says_) => {
      const unread = fault === 'flood';
      server = await startOpenAiServer({ realtime: { fault: () => fault } });
      const model = openaiRealtime({ baseUrl: server.baseUrl, ...options });
      session = (await model.open({ clock: realClock })) as typeof session;
      await session!.write(says('one two three'));
      await session!.write(respond('a'));
      while (unread && server.sockets[0]?.closed === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
      const error = await (async () => {
        for await (const _ of session!);
      })().catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'SLUICE_VOICE_MODEL',
        model: 'openai-realtime',
        message: expect.stringMatching(says_),
      });
      expect(categoryOf(error)).toBe(category);
    });

    it('names a key that is missing or refused, and prints none', async () => {
      server = await startOpenAiServer({ apiKey: KEY });
      const missing = await openaiRealtime()
        .open()
        .catch((reason: unknown) => reason);
      expect(String(missing)).toMatch(/OpenAI.*`apiKey` is missing/);
      const wrong = openaiRealtime({ baseUrl: server.baseUrl }).open({ secrets: { apiKey: 'sk-wrong-one' } });
      const refused = await wrong.catch((reason: unknown) => reason);
      expect(String(refused)).toMatch(/`apiKey` was refused/);
      expect(categoryOf(refused)).toBe('give-up');
      expect(`${refused} ${JSON.stringify(refused)}`).not.toContain('sk-wrong-one');
    });
  });

  it('refuses options that are none, of the wrong kind or out of range', () => {
    expect(() => openaiRealtime({ voic: 'x' } as never)).toThrow(/did you mean voice/);
    expect(() => openaiRealtime({ format: 'mp3' as never })).toThrow(/audio\/pcm/);
    expect(() => openaiRealtime({ turns: { type: 'server_vad', threshold: 2 } })).toThrow(RangeError);
    expect(() => openaiRealtime({ turns: { type: 'vad' } as never })).toThrow(/semantic_vad/);
    expect(() => openaiRealtime({ transcription: true as never })).toThrow(TypeError);
    return expect(openaiRealtime({ apiKey: () => KEY }).open({ settings: { speed: 9 } })).rejects.toThrow(RangeError);
  });
});
