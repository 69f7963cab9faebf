import { defineVoiceModel, fakeSynthesizer } from '@sluice/core/voice';
import { type DeepgramSpeakOptions, deepgramSpeak } from '@sluice/plugin-deepgram';
import { type DeepgramServerOptions, startDeepgramServer } from '@sluice/plugin-deepgram/testing';
import { type LocalService, observeVoice } from '@sluice/service/testing';
import { afterEach, describe, expect, it } from 'vitest';

const key = 'dg-7f3a9c';
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function speaker(options: DeepgramServerOptions = {}, own: DeepgramSpeakOptions = {}) {
  const server = await startDeepgramServer({ apiKey: key, ...options });
  open.push(server);
  const voice = await observeVoice(deepgramSpeak({ baseUrl: server.baseUrl, apiKey: () => key, ...own }));
  open.push(voice);
  return { server, ...voice };
}

/** Resolves when the service has been asked to speak. */
async function asked({ sockets }: LocalService): Promise<void> {
  while ((sockets[0]?.received.length ?? 0) < 2) await new Promise((resolve) => setImmediate(resolve));
}

/** A word of the local voice is 250 ms of tone and 50 ms of pause, at 24 kHz. */
const WORD = 7_200;

describe('deepgramSpeak', () => {
  it('speaks one request after the other on one connection, each with its sound', async () => {
    const { session, samplesOf, ends, flush, server } = await speaker();
    void session.write({ id: 'a', epoch: 0, text: 'Hello there.' });
    void session.write({ id: 'b', epoch: 0, text: 'How are you today?' });
    await flush();
    expect([samplesOf('a'), samplesOf('b')]).toEqual([2 * WORD, 4 * WORD]);
    expect(ends()).toEqual(['finished a', 'finished b']);
    expect(server.sockets).toHaveLength(1);
    expect(server.sockets[0]?.received.map((message) => (message as { type: string }).type)).toEqual([
      'Speak',
      'Flush',
      'Speak',
      'Flush',
    ]);
  });

  it('clears at the service what is cancelled, and says nothing of it in what comes next', async () => {
    const { session, samplesOf, ends, flush, server, events } = await speaker({
      synthesizer: fakeSynthesizer({ sampleRate: 24_000, firstByteMs: 200 }),
    });
    void session.write({ id: 'a', epoch: 0, text: 'This is never heard at all.' });
    await asked(server);
    session.cancel(1);
    void session.write({ id: 'b', epoch: 1, text: 'This is.' });
    await flush();
    expect(events.some(({ id }) => id === 'a')).toBe(false);
    expect(samplesOf('b')).toBe(2 * WORD);
    expect(ends()).toEqual(['finished b']);
    expect(server.sockets[0]?.received).toContainEqual({ type: 'Clear' });
  });

  it('does not wait for ever for a service to give up what was cancelled', async () => {
    const { session, ends, flush, server } = await speaker({ faults: [{ type: 'stall', afterBytes: 0 }] });
    void session.write({ id: 'a', epoch: 0, text: 'This is never heard at all.' });
    await new Promise((resolve) => setTimeout(resolve, 10));
    session.cancel(1);
    void session.write({ id: 'b', epoch: 1, text: 'This is.' });
    await flush();
    expect(ends()).toEqual(['finished b']);
    expect(server.sockets).toHaveLength(2);
  });

  it('does not take a request for finished that had no sound', async () => {
    const mute = defineVoiceModel<'synthesizer', object>({
      kind: 'synthesizer',
      name: 'mute',
      produces: { sampleRate: 24_000, channels: 1 },
      latencyMs: 0,
      words: false,
      settings: {},
      start: ({ emit }) => ({ write: ({ id, epoch }) => emit({ type: 'finished', id, epoch }) }),
    });
    const { session, events, flush } = await speaker({ synthesizer: mute });
    void session.write({ id: 'a', epoch: 0, text: 'Hello.' });
    void session.write({ id: 'b', epoch: 0, text: '…' });
    await flush();
    const message = expect.stringMatching(/Deepgram: it answered without a sound/);
    expect(events).toMatchObject([
      { type: 'failed', id: 'a', error: { category: 'fall-back', message } },
      { type: 'finished', id: 'b' },
    ]);
  });

  it('asks again what had no sound yet when the connection was lost', async () => {
    const { session, samplesOf, ends, flush, server } = await speaker({
      faults: [{ type: 'close', code: 1011, reason: 'NET-0001', afterMessages: 1 }],
    });
    void session.write({ id: 'a', epoch: 0, text: 'Hello there.' });
    await flush();
    expect([samplesOf('a'), ends()]).toEqual([2 * WORD, ['finished a']]);
    expect(server.sockets).toHaveLength(2);
  });

  it('says that a request failed whose sound broke off, and speaks the next one', async () => {
    const { session, samplesOf, events, ends, flush } = await speaker({
      faults: [{ type: 'cut', afterBytes: 20_000 }],
    });
    void session.write({ id: 'a', epoch: 0, text: 'One two three four five six.' });
    void session.write({ id: 'b', epoch: 0, text: 'Seven.' });
    await flush();
    expect(ends()).toEqual(['failed a', 'finished b']);
    expect(samplesOf('a')).toBeGreaterThan(0);
    expect(samplesOf('b')).toBe(WORD);
    expect(events.find(({ type }) => type === 'failed')).toMatchObject({ error: { category: 'retry' } });
  });

  it('gives up a request of which nothing comes, after another try', async () => {
    const { session, events, flush } = await speaker(
      { faults: [1, 2].map(() => ({ type: 'stall', afterBytes: 0 })) },
      { silenceMs: 100 },
    );
    void session.write({ id: 'a', epoch: 0, text: 'Hello.' });
    await flush();
    const message = expect.stringMatching(/^deepgram-speak: Deepgram: nothing came of it for 100 ms/);
    expect(events).toMatchObject([{ type: 'failed', id: 'a', error: { category: 'retry', message } }]);
  });

  it('fails requests with what helps when the service refuses to come back', async () => {
    const { session, events, flush, server } = await speaker({
      faults: [
        { type: 'close', code: 1011, reason: 'NET-0001', afterMessages: 1 },
        { type: 'status', status: 401, body: { err_msg: 'Invalid credentials.' } },
      ],
    });
    void session.write({ id: 'a', epoch: 0, text: 'Hello.' });
    await flush();
    expect(events).toMatchObject([{ type: 'failed', id: 'a', error: { category: 'give-up' } }]);
    expect(server.sockets).toHaveLength(1);
  });

  it('takes another voice with the next request, and more requests a minute than one connection has', async () => {
    const { session, ends, flush, server } = await speaker();
    void session.write({ id: 'a', epoch: 0, text: 'Hello.' });
    await flush();
    session.update({ voice: 'aura-2-viktoria-de' });
    for (let n = 0; n < 22; n++) void session.write({ id: `${n}`, epoch: 0, text: 'Ja.' });
    await flush();
    expect(ends()).toHaveLength(23);
    expect(ends().every((end) => end.startsWith('finished'))).toBe(true);
    expect(server.sockets.map(({ query }) => query.get('model'))).toEqual([
      'aura-2-thalia-en',
      'aura-2-viktoria-de',
      'aura-2-viktoria-de',
    ]);
  });

  it('sends long texts in pieces, and refuses nonsense', async () => {
    const synthesizer = fakeSynthesizer({ sampleRate: 24_000, wordMs: 10, pieceLength: 2_400 });
    const { session, samplesOf, flush, server } = await speaker({ synthesizer });
    void session.write({ id: 'a', epoch: 0, text: 'word '.repeat(900) });
    await flush();
    expect(samplesOf('a')).toBe(900 * 288);
    const texts = server.sockets[0]!.received.flatMap((message) => (message as { text?: string }).text ?? []);
    expect(texts.every((text) => text.length <= 2_000 && text.endsWith(' '))).toBe(true);
    expect(() => deepgramSpeak({ speed: 3 })).toThrow(/deepgramSpeak\.speed/);
    expect(() => deepgramSpeak({ sampleRate: 22_050 })).toThrow(RangeError);
  });
});
