import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checklist, rms } from '@sluice/core/testing';
import { categoryOf, isVoiceModel, type SynthesizerEvent } from '@sluice/core/voice';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { espeak } from './espeak.ts';
import type { EspeakSettings } from './espeak-settings.ts';
import { threadPath } from './thread-path.ts';

/** Where scripts/install-test-tools.sh has put it. */
const module = join(tmpdir(), 'sluice-test-tools/espeak-0.3.5/node_modules/@echogarden/espeak-ng-emscripten');
/** A suite that needs espeak. Where it is not installed it is skipped; under CI it runs and fails. */
const withEspeak = !existsSync(module) && process.env.CI !== 'true' ? describe.skip : describe;

type Session = Awaited<ReturnType<ReturnType<typeof espeak>['open']>>;

/** Everything that is told of requests, by their texts. */
async function speak(session: Session, ...texts: string[]) {
  const events: SynthesizerEvent[] = [];
  const iterator = session[Symbol.asyncIterator]();
  for (const [index, text] of texts.entries()) session.write({ id: `${index}`, epoch: 0, text });
  for (let ended = 0; ended < texts.length; ) {
    const { value } = await iterator.next();
    if (value === undefined) break;
    events.push(value);
    if (value.type === 'finished' || value.type === 'failed') ended++;
  }
  return events;
}

const soundOf = (events: readonly SynthesizerEvent[]) =>
  Int16Array.from(events.flatMap((event) => (event.type === 'audio' ? [...event.samples] : [])));
const wordsOf = (events: readonly SynthesizerEvent[], text: string) =>
  events.flatMap((event) => (event.type === 'word' ? [{ ...event, word: text.slice(event.from, event.to) }] : []));

/** Where it sounds, in milliseconds: windows of 5 ms over a fortieth of the loudest, closures up to 80 ms closed. */
function voicedParts(samples: Int16Array) {
  const windows = Array.from({ length: Math.floor(samples.length / 110) }, (_, at) =>
    rms(samples.subarray(110 * at, 110 * at + 110)),
  );
  const loud = Math.max(...windows) / 40;
  const parts: { from: number; to: number }[] = [];
  for (const [index, level] of windows.entries()) {
    const last = parts.at(-1);
    const [from, to] = [(index * 110) / 22.05, ((index + 1) * 110) / 22.05];
    if (level < loud) continue;
    if (last !== undefined && from - last.to < 80) last.to = to;
    else parts.push({ from, to });
  }
  return parts.filter(({ from, to }) => to - from > 30);
}

describe('espeak', () => {
  it('refuses what it does not know', async () => {
    expect(isVoiceModel(espeak(), 'synthesizer')).toBe(true);
    expect(() => espeak({ voise: 'de' } as never)).toThrow(/did you mean voice\?/);
    for (const voice of ['', 'en us', '../x', 7]) expect(() => espeak({ voice: voice as never })).toThrow(TypeError);
    for (const speed of [0, 3, Number.NaN]) expect(() => espeak({ speed })).toThrow(RangeError);
    expect(() => espeak({ module: '' })).toThrow(TypeError);
  });

  it.each([
    ['is not there', '/nowhere/espeak', /npm install @echogarden\/espeak-ng-emscripten/],
    ['is another one', 'node:fs', /is not installed|it did not start/],
    ['is no espeak', threadPath().replace(/worker\/espeak-worker\.js$/, 'index.js'), /no eSpeakNGWorker/],
  ])('gives up where its module %s', async (_how, given, message) => {
    const error = await espeak({ module: given })
      .open()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ category: 'give-up', message: expect.stringMatching(message) });
  });
});

describe('a thread that is lost', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-espeak-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('fails its request only, and is given up from the third in a row', async () => {
    // Stands for espeak: ends its thread where the text says so.
    const double = `export default async () => ({ eSpeakNGWorker: class {
      set_voice() { return 0; }
      set_rate() {}
      synthesize(text, told) {
        if (text.includes('die')) process.exit();
        told(new Int16Array(2205).fill(9000), [{ type: 'mark', id: '0', audio_position: 0 }]);
      }
    } });`;
    const path = join(folder, 'double.mjs');
    writeFileSync(path, double);
    const session = await espeak({ module: path }).open();
    const events = await speak(session, 'die', 'live', 'die', 'die', 'die', 'live');
    const ends = events.flatMap((event) =>
      event.type === 'failed' ? [categoryOf(event.error)] : event.type === 'finished' ? ['finished'] : [],
    );
    expect(ends).toEqual(['retry', 'finished', 'retry', 'retry', 'fall-back', 'finished']);
    expect(wordsOf(events, 'live').map(({ word, endMs }) => [word, endMs])).toEqual([
      ['live', 100],
      ['live', 100],
    ]);
    await session.close();
  });
});

withEspeak('espeak with @echogarden/espeak-ng-emscripten (scripts/install-test-tools.sh)', () => {
  const model = espeak({ module });
  const open: Session[] = [];
  let session: Session;
  async function start(settings: Partial<EspeakSettings> = {}) {
    const other = await model.open({ settings });
    open.push(other);
    return other;
  }
  beforeAll(async () => {
    session = await start();
  });
  afterAll(async () => {
    await Promise.all(open.map((one) => one.close()));
  });

  it('speaks requests one after the other, as it makes them', async () => {
    const events = await speak(session, 'Good morning.', 'How are you?');
    const kinds = events.map(({ id, type }) => `${id}:${type}`).filter((kind, index, all) => kind !== all[index - 1]);
    expect(kinds).toEqual(['0:audio', '0:word', '0:finished', '1:audio', '1:word', '1:finished']);
    expect(soundOf(events).length / 22_050).toBeGreaterThan(1);
    expect(Math.max(...soundOf(events))).toBeGreaterThan(5_000);
  });

  it('tells when each word sounds, to 50 ms', async () => {
    // Words that begin and end with a voiced sound, so that their ends can be heard.
    const text = 'Hello, Monday, 11, "nobody", yellow, 1,234, Maria.';
    const events = await speak(session, text);
    const words = wordsOf(events, text);
    expect(words.map(({ word }) => word)).toEqual(text.split(' '));
    const heard = voicedParts(soundOf(events));
    expect(heard).toHaveLength(words.length);
    for (const [index, { word, startMs, endMs }] of words.entries()) {
      expect(Math.abs(heard[index]!.from - startMs), word).toBeLessThan(50);
      expect(Math.abs(heard[index]!.to - endMs), word).toBeLessThan(50);
    }
  });

  it('gives each word of the text its time, merged words, numbers and beginnings of sentences too', async () => {
    const text = 'Dr. Smith is one of the best; on the 1,234,567th day, $5 & 10:30. Then <b> “yes”!';
    const words = wordsOf(await speak(session, text), text);
    expect(words.map(({ word }) => word)).toEqual(text.split(' '));
    for (const [index, { startMs }] of words.entries())
      expect(startMs).toBeGreaterThanOrEqual((words[index - 1]?.endMs ?? 0) - 0.001);
  });

  it.each(['', ' \n', '?!', '... — "'])('is finished with %j, without a sound', async (text) => {
    expect((await speak(session, text)).map(({ type }) => type)).toEqual(['finished']);
  });

  it('speaks other scripts, emoji and strange signs', async () => {
    for (const text of ['Привет, мир', '😀', 'a\u0000\u0007b \ud800 <mark name="9"/> &amp; ]]>', 'Hello'])
      expect(soundOf(await speak(session, text)).length, text).toBeGreaterThan(5_000);
  });

  it.each([
    ['too long', 'word '.repeat(401)],
    ['in a voice that there is not', 'Hello'],
  ])('fails what is %s, and goes on', async (how, text) => {
    if (how.startsWith('in a voice')) session.update({ voice: 'xx-nowhere' });
    expect((await speak(session, text)).at(-1)).toMatchObject({ type: 'failed', error: { category: 'give-up' } });
    session.update({ voice: 'en-us' });
    expect((await speak(session, 'Hello')).at(-1)).toMatchObject({ type: 'finished' });
  });

  it('changes voice and speed for what is written from now on', async () => {
    const plain = soundOf(await speak(session, 'Good morning to you.'));
    session.update({ speed: 0.5 });
    expect(soundOf(await speak(session, 'Good morning to you.')).length / plain.length).toBeGreaterThan(1.6);
    session.update({ speed: 1, voice: 'en-us+f2' });
    expect(soundOf(await speak(session, 'Good morning to you.'))).not.toEqual(plain);
    session.update({ voice: 'en-us' });
  });

  it('stops in mid-sentence what was cancelled, tells nothing of it, and speaks what comes next', async () => {
    const other = await start();
    const iterator = other[Symbol.asyncIterator]();
    other.write({ id: 'old', epoch: 0, text: 'This is a sentence of many. '.repeat(60) });
    other.write({ id: 'old', epoch: 0, text: 'This is one more.' });
    expect((await iterator.next()).value).toMatchObject({ id: 'old', type: 'audio' });
    other.cancel(1);
    other.write({ id: 'new', epoch: 1, text: 'And this is new.' });
    for (;;) {
      const { value } = await iterator.next();
      expect(value?.id).toBe('new');
      if (value?.type === 'finished') break;
    }
    await other.flush();
  });

  it('ends with its signal, in mid-work, and may be closed again', async () => {
    const abort = new AbortController();
    const other = await model.open({ signal: abort.signal });
    other.write({ id: 'a', epoch: 0, text: 'This will not be heard. '.repeat(60) });
    abort.abort();
    await Promise.all([other.close(), other.close()]);
    for await (const event of other) expect(event.type).not.toBe('finished');
  });

  it('serves two sessions at once, each with its own voice', async () => {
    const sessions = await Promise.all([start({ voice: 'de' }), start({ voice: 'fr' })]);
    const [a, b] = await Promise.all(sessions.map((one) => speak(one, 'Guten Morgen.')));
    expect(soundOf(a!)).not.toEqual(soundOf(b!));
    expect(b!.at(-1)).toMatchObject({ type: 'finished' });
  });

  checklist(test, () => model, { kind: 'synthesizer' });
});
