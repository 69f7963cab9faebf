import { checklist, measureTone } from '@sluice/core/testing';
import { fakeSynthesizer, type SpeechRequest, type SynthesizerEvent } from '@sluice/core/voice';
import { type OpenAiSpeechOptions, openaiSpeech } from '@sluice/plugin-openai';
import { type OpenAiServer, type SpokenReply, startOpenAiServer } from '@sluice/plugin-openai/testing';
import { serviceChecklist } from '@sluice/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gather } from './gather.ts';

/** Samples that say where they stand. */
const ramp = (length: number) => Int16Array.from({ length }, (_, index) => (index * 7) % 30_000);

let server: OpenAiServer;
let spoken: SpokenReply = ramp(9_000);
beforeAll(async () => {
  server = await startOpenAiServer({ speak: () => spoken });
});
afterAll(() => server.close());
const model = (more: OpenAiSpeechOptions = {}) => openaiSpeech({ baseUrl: server.baseUrl, retries: 0, ...more });
const say = (text: string): SpeechRequest => ({ id: 'a', epoch: 0, text });
const soundOf = (events: readonly SynthesizerEvent[]) =>
  events.flatMap((event) => (event.type === 'audio' ? [...event.samples] : []));

describe('openaiSpeech', () => {
  checklist(it, () => model(), { kind: 'synthesizer' });
});

describe('openaiSpeech as a service', () => {
  serviceChecklist<OpenAiServer, SpeechRequest, SynthesizerEvent>(it, {
    service: '127.0.0.1',
    secret: { name: 'apiKey', value: 'sk-test-0123456789abcdefABCDEF' },
    start: () => startOpenAiServer({ speak: () => ramp(1_000) }),
    make: ({ baseUrl }, waitMs) => openaiSpeech({ baseUrl, firstByteMs: waitMs, silenceMs: waitMs, retries: 1 }),
    items: (epoch) => [{ id: `${epoch}`, epoch, text: 'hello' }],
    told: (event) => (event.type === 'audio' ? undefined : event.type),
    asks: true,
    needsKey: false,
    middle: 700,
    flood: 30_000_000,
  });
});

describe('what openaiSpeech asks for', () => {
  it('is PCM of a voice, by the settings that held when it was written', async () => {
    const session = await model({ apiKey: () => 'k', voice: 'coral', instructions: 'Calm.' }).open();
    await session.write(say('one'));
    session.update({ voice: 'echo', speed: 1.25, model: 'tts-1' });
    await session.write(say('two'));
    await session.flush();
    await session.close();
    expect(server.requests.slice(-2).map(({ json }) => json)).toEqual([
      { model: 'gpt-4o-mini-tts', voice: 'coral', instructions: 'Calm.', input: 'one', response_format: 'pcm' },
      { model: 'tts-1', voice: 'echo', speed: 1.25, instructions: 'Calm.', input: 'two', response_format: 'pcm' },
    ]);
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer k');
  });

  it('is nothing for a text without letters', async () => {
    const before = server.requests.length;
    expect((await gather(model(), [say(' \n')])).events).toEqual([{ type: 'finished', id: 'a', epoch: 0 }]);
    expect(server.requests.length).toBe(before);
  });
});

describe('what openaiSpeech tells', () => {
  it.each([1, 3, 481, 100_000])('is every sample once, in pieces of %i bytes', async (bytes) => {
    spoken = ramp(bytes === 1 ? 700 : 9_000);
    server.fail({ type: 'pieces', bytes });
    const { events } = await gather(model(), [say('hello')]);
    expect(soundOf(events)).toEqual([...(spoken as Int16Array)]);
    expect(events.at(-1)).toEqual({ type: 'finished', id: 'a', epoch: 0 });
    const lengths = events.flatMap((event) => (event.type === 'audio' ? [event.samples.length] : []));
    expect(lengths.slice(0, -1).every((length) => length >= 240 && length <= 4_800)).toBe(true);
  });

  it.each([
    ['a WAV file', 'audio/pcm', 'RIFFxxxxWAVE', /WAV/],
    ['an MP3 file', 'application/octet-stream', 'ID3abcd', /MP3/],
    ['MP3 by its type', 'audio/mpeg', 'xxxx', /audio\/mpeg/],
    ['an error with status 200', 'application/json', '{"error":{}}', /application\/json/],
    ['an error of no type', 'application/octet-stream', '{ "error": {} }', /text for PCM/],
    ['nothing', 'audio/pcm', '', /without a sound/],
  ])('is a fault for %s', async (_, contentType, body, message) => {
    server.fail({ type: 'replace', body, contentType });
    const { events } = await gather(model(), [say('hello')]);
    expect(events).toMatchObject([
      { type: 'failed', error: { category: 'fall-back', message: expect.stringMatching(message) } },
    ]);
  });

  it('is what any synthesizer behind the local server says, at 24 kHz', async () => {
    await using other = await startOpenAiServer({ speak: fakeSynthesizer({ wordMs: 500, frequency: 440 }) });
    const { events } = await gather(openaiSpeech({ baseUrl: other.baseUrl }), [say('hello')]);
    const samples = Int16Array.from(soundOf(events));
    expect(samples.length / 24_000).toBeCloseTo(0.6, 2);
    const tone = measureTone(samples.subarray(2_400, 9_600), 24_000, 440);
    expect(tone.frequency).toBeCloseTo(440, 0);
  });
});

describe('the options of openaiSpeech', () => {
  it.each([
    [{ voice: '' }, /voice/],
    [{ model: 1 }, /model/],
    [{ speed: 5 }, /speed/],
    [{ instructions: 1 }, /instructions/],
    [{ voic: 'x' }, /did you mean voice/],
  ])('%j are refused', (options, message) => {
    expect(() => openaiSpeech(options as never)).toThrow(message);
  });
});
