import { fakeSynthesizer } from '@sluice/core/voice';
import { type ElevenLabsSpeechOptions, elevenLabsSpeech } from '@sluice/plugin-elevenlabs';
import { type ElevenLabsServerOptions, startElevenLabsServer } from '@sluice/plugin-elevenlabs/testing';
import { type LocalService, observeVoice } from '@sluice/service/testing';
import { afterEach, describe, expect, it } from 'vitest';

const key = 'el-7f3a9c';
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function speaker(options: ElevenLabsServerOptions = {}, own: ElevenLabsSpeechOptions = {}) {
  const server = await startElevenLabsServer({ apiKey: key, ...options });
  open.push(server);
  const voice = await observeVoice(elevenLabsSpeech({ baseUrl: server.baseUrl, apiKey: () => key, ...own }));
  open.push(voice);
  return { server, ...voice };
}

/** Resolves when the service has been asked to speak. */
async function asked({ sockets }: LocalService): Promise<void> {
  while ((sockets[0]?.received.length ?? 0) < 2) await new Promise((resolve) => setImmediate(resolve));
}

/** A word of the local voice is 250 ms of tone and 50 ms of pause, at 24 kHz. */
const WORD = 7_200;

describe('elevenLabsSpeech', () => {
  it('tells the place and the time of every word', async () => {
    const { session, events, samplesOf, ends, flush, server } = await speaker();
    const text = '“Hello,” she said… über 2 €.';
    void session.write({ id: 'a', epoch: 0, text });
    void session.write({ id: 'b', epoch: 0, text: 'Once more.' });
    await flush();
    const words = events.flatMap((event) => (event.type === 'word' && event.id === 'a' ? [event] : []));
    expect(words.map(({ from, to }) => text.slice(from, to))).toEqual(['“Hello,”', 'she', 'said…', 'über', '2', '€.']);
    for (const [index, { startMs, endMs }] of words.entries()) {
      expect(Math.abs(startMs - index * 300)).toBeLessThan(2);
      expect(Math.abs(endMs - (index * 300 + 250))).toBeLessThan(15);
    }
    expect([samplesOf('a'), samplesOf('b')]).toEqual([6 * WORD, 2 * WORD]);
    expect(ends()).toEqual(['finished a', 'finished b']);
    expect(server.sockets).toHaveLength(1);
    expect(server.sockets[0]?.headers['xi-api-key']).toBe(key);
    expect(server.sockets[0]?.received.slice(0, 3)).toEqual([
      {
        text: ' ',
        voice_settings: { stability: 0.5, similarity_boost: 0.75, speed: 1 },
        context_id: 'request-1',
      },
      { text: `${text} `, context_id: 'request-1', flush: true },
      { context_id: 'request-1', close_context: true },
    ]);
  });

  it('ends at the service what is cancelled, and has another connection at once', async () => {
    const { session, samplesOf, ends, events, flush, server } = await speaker({
      synthesizer: fakeSynthesizer({ sampleRate: 24_000, firstByteMs: 200 }),
    });
    void session.write({ id: 'a', epoch: 0, text: 'This is never heard at all.' });
    await asked(server);
    session.cancel(1);
    void session.write({ id: 'b', epoch: 1, text: 'This is.' });
    await flush();
    expect(events.some(({ id }) => id === 'a')).toBe(false);
    expect([samplesOf('b'), ends()]).toEqual([2 * WORD, ['finished b']]);
    expect(server.sockets).toHaveLength(2);
    expect(server.sockets[0]?.closed).toBeDefined();
  });

  it('takes the settings of a voice with the next request, another voice with another connection', async () => {
    const { session, ends, flush, server } = await speaker({ voices: ['one', 'two'] }, { voice: 'one' });
    void session.write({ id: 'a', epoch: 0, text: 'Hello.' });
    await flush();
    session.update({ stability: 0.9 });
    void session.write({ id: 'b', epoch: 0, text: 'Hello.' });
    await flush();
    session.update({ voice: 'two' });
    void session.write({ id: 'c', epoch: 0, text: 'Hello.' });
    await flush();
    expect(ends()).toEqual(['finished a', 'finished b', 'finished c']);
    expect(server.sockets.map(({ path }) => path.split('/')[3])).toEqual(['one', 'two']);
    expect(server.sockets[0]?.received[3]).toMatchObject({ voice_settings: { stability: 0.9 } });
    session.update({ voice: 'three' });
    void session.write({ id: 'd', epoch: 0, text: 'Hello.' });
    await flush();
    expect(ends().at(-1)).toBe('failed d');
  });

  it('asks again what had no sound yet, and fails what broke off in a word', async () => {
    const { session, samplesOf, ends, events, flush } = await speaker({
      faults: [
        { type: 'cut', afterBytes: 100 },
        { type: 'cut', afterBytes: 30_000 },
      ],
    });
    void session.write({ id: 'a', epoch: 0, text: 'One two three four five six.' });
    void session.write({ id: 'b', epoch: 0, text: 'Seven.' });
    await flush();
    expect(ends()).toEqual(['failed a', 'finished b']);
    expect(samplesOf('b')).toBe(WORD);
    expect(events.find(({ type }) => type === 'failed')).toMatchObject({ error: { category: 'retry' } });
  });

  it.each([
    ['{"error":"quota_exceeded","message":"You have no credits left.","code":1008}', 'give-up'],
    ['{"error":"too_many_concurrent_requests","message":"Busy."}', 'wait'],
    ['{"error":"invalid_api_key","message":"Invalid API key el-7f3a9c"}', 'give-up'],
    ['{"error":', 'fall-back'],
  ])('says what helps when the service says %s', async (said, category) => {
    const { session, events, flush } = await speaker({ faults: [{ type: 'insert', text: said }] });
    void session.write({ id: 'a', epoch: 0, text: 'Hello.' });
    await flush();
    expect(events).toMatchObject([{ type: 'failed', error: { model: 'elevenlabs-speech', category } }]);
    expect(String((events[0] as { error: Error }).error)).not.toContain(key);
  });

  it('refuses nonsense', () => {
    expect(() => elevenLabsSpeech({ stability: 2 })).toThrow(/elevenLabsSpeech\.stability/);
    expect(() => elevenLabsSpeech({ stabilty: 1 } as never)).toThrow(TypeError);
    expect(() => elevenLabsSpeech({ baseUrl: 'ftp://x' })).toThrow(TypeError);
  });
});
