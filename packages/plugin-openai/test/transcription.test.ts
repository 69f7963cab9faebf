import { AudioFrame, micros } from '@sluice/core';
import { checklist } from '@sluice/core/testing';
import type { RecognizerEvent } from '@sluice/core/voice';
import { type OpenAiTranscriptionOptions, openaiTranscription } from '@sluice/plugin-openai';
import {
  type HeardRequest,
  type OpenAiServer,
  startOpenAiServer,
  type Transcript,
} from '@sluice/plugin-openai/testing';
import { serviceChecklist } from '@sluice/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gather } from './gather.ts';

const RATE = 16_000;

/** Half a second of silence, then a tone, then silence, at 16 kHz. */
function burst(seconds: number, silence = 0.5): Int16Array {
  const samples = new Int16Array(Math.round((silence + seconds + 0.5) * RATE));
  const from = Math.round(silence * RATE);
  for (let at = from; at < from + seconds * RATE; at++) samples[at] = 8_000 * Math.sin(at / 5);
  return samples;
}
function frames(samples: Int16Array, start = 0, sampleRate = RATE, length = sampleRate / 50): AudioFrame[] {
  const list: AudioFrame[] = [];
  for (let at = 0; at < samples.length; at += length) {
    const timestamp = micros(start + Math.round((at * 1_000_000) / sampleRate));
    list.push(new AudioFrame({ samples: samples.slice(at, at + length), sampleRate, channels: 1, timestamp }));
  }
  return list;
}

let server: OpenAiServer;
let said: Transcript = 'who are you';
const heard: HeardRequest[] = [];
beforeAll(async () => {
  server = await startOpenAiServer({
    transcribe: (request) => {
      heard.push(request);
      return said;
    },
  });
});
afterAll(() => server.close());
const model = (more: OpenAiTranscriptionOptions = {}) =>
  openaiTranscription({ baseUrl: server.baseUrl, retries: 0, ...more });

describe('openaiTranscription', () => {
  const sound = { samples: burst(1), sampleRate: RATE };
  checklist(it, () => model(), { kind: 'recognizer', profile: { sound } });
  describe('with word times', () =>
    checklist(it, () => model({ words: true }), { kind: 'recognizer', profile: { sound } }));
});

describe('openaiTranscription as a service', () => {
  serviceChecklist<OpenAiServer, AudioFrame, RecognizerEvent>(it, {
    service: '127.0.0.1',
    secret: { name: 'apiKey', value: 'sk-test-0123456789abcdefABCDEF' },
    start: () => startOpenAiServer({ transcribe: () => 'wer bist du, 世界 🌊' }),
    make: ({ baseUrl }, waitMs) => openaiTranscription({ baseUrl, firstByteMs: waitMs, silenceMs: waitMs, retries: 1 }),
    items: () => frames(burst(0.5)),
    told: (event) => [event.type, event.text],
    asks: false,
    needsKey: false,
    unknown: 'event: transcript.new\ndata: {"type":"transcript.new"}\n\n',
    malformed: 'data: {"type":\n\n',
    flood: 3_000_000,
  });
});

describe('what openaiTranscription sends', () => {
  it('is the speech with a lead, and its times are those of the frames', async () => {
    heard.length = 0;
    said = 'who are you';
    const { events } = await gather(model({ language: 'en', prompt: 'Names: Åse' }), frames(burst(1, 5), 2_000_000));
    expect(events.map(({ type, text }) => [type, text])).toEqual([
      ['partial', 'who'],
      ['partial', 'who are'],
      ['partial', 'who are you'],
      ['final', 'who are you'],
    ]);
    expect(events.at(-1)).toMatchObject({ start: 7_000_000, end: 8_000_000 });
    const [request] = heard;
    expect(request).toMatchObject({
      sampleRate: RATE,
      model: 'gpt-4o-mini-transcribe',
      fields: { language: 'en', prompt: 'Names: Åse', response_format: 'json', stream: 'true' },
    });
    // A lead of 300 to 600 ms, the second, and what came after.
    const seconds = request!.samples.length / RATE;
    expect(seconds).toBeGreaterThanOrEqual(1.8);
    expect(seconds).toBeLessThanOrEqual(2.1);
    expect(request!.samples.subarray(-RATE / 2)).toEqual(new Int16Array(RATE / 2));
  });

  it('is nothing of silence, of which it tells where it is asked', async () => {
    heard.length = 0;
    const { events } = await gather(model(), frames(new Int16Array(RATE)));
    expect(events).toEqual([{ type: 'final', text: '', words: [], start: 0, end: 1_000_000 }]);
    expect(heard.length).toBe(0);
  });

  it('ends at a hole and where it is too long', async () => {
    heard.length = 0;
    const two = [...frames(burst(0.5)), ...frames(burst(0.5), 60_000_000)];
    expect((await gather(model(), two)).events.filter(({ type }) => type === 'final')).toMatchObject([
      { start: 500_000, end: 1_000_000 },
      { start: 60_500_000, end: 61_000_000 },
    ]);
    await gather(model({ mostStretchMs: 1_000 }), frames(burst(3, 0)));
    expect(heard.slice(2).map(({ samples }) => samples.length / RATE)).toEqual(
      [1, 1, 1, 0.5].slice(0, heard.length - 2),
    );
    expect(heard.length).toBe(5);
  });

  it('may be of 24 kHz, and no other rate', async () => {
    heard.length = 0;
    const loud = new Int16Array(24_000).fill(9_000);
    await gather(model(), frames(loud, 0, 24_000));
    expect(heard).toMatchObject([{ sampleRate: 24_000, samples: loud }]);
    const { error } = await gather(model(), frames(new Int16Array(160), 0, 8_000));
    expect(error).toMatchObject({ category: 'give-up', message: expect.stringMatching(/8000 Hz/) });
  });
});

describe('what openaiTranscription tells', () => {
  it('has word times in media time, within the sound, where it is asked for them', async () => {
    said = {
      text: ' Who are you?',
      words: [
        { word: 'Who', start: 0.3, end: 0.5 },
        { word: 'are', start: 0.25, end: 0.7 },
        { word: 'you', start: 0.8, end: 99 },
      ],
    };
    const { events } = await gather(model({ words: true }), frames(burst(1), 1_000_000));
    expect(events).toEqual([
      {
        type: 'final',
        text: 'Who are you?',
        start: 1_500_000,
        end: 2_500_000,
        words: [
          { text: 'Who', start: 1_300_000, end: 1_500_000 },
          { text: 'are', start: 1_300_000, end: 1_700_000 },
          { text: 'you', start: 1_800_000, end: 3_000_000 },
        ],
      },
    ]);
  });

  it.each([
    [
      'without an end',
      'text/event-stream',
      'data: {"type":"transcript.text.delta","delta":"a"}\n\n',
      'retry',
      /middle/,
    ],
    ['an error', 'text/event-stream', 'data: {"type":"error","error":{"message":"no"}}\n\n', 'retry', /no/],
    ['no text', 'application/json', '{"result": 1}', 'fall-back', /without a text/],
    ['no JSON', 'application/json', '<html>', 'fall-back', /no JSON/],
  ])('is the end of its session where the answer is %s', async (_, contentType, body, category, message) => {
    server.fail({ type: 'replace', body, contentType });
    const { error } = await gather(model(), frames(burst(0.5)));
    expect(error).toMatchObject({ category, message: expect.stringMatching(message) });
  });
});

describe('the options of openaiTranscription', () => {
  it.each([
    [{ model: '' }, /model/],
    [{ language: 1 }, /language/],
    [{ prompt: 1 }, /prompt/],
    [{ words: 1 }, /words/],
    [{ thresholdDb: 1 }, /thresholdDb/],
    [{ mostStretchMs: 1 }, /mostStretchMs/],
    [{ latencyMs: -1 }, /latencyMs/],
    [{ lang: 'en' }, /did you mean language/],
  ])('%j are refused', (options, message) => {
    expect(() => openaiTranscription(options as never)).toThrow(message);
  });
});
