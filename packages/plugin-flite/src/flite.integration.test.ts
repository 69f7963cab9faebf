import { checklist, rms } from '@sluice/core/testing';
import { isVoiceError, isVoiceModel, type SynthesizerEvent } from '@sluice/core/voice';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { flite } from './flite.ts';
import { type FliteSettings, fliteVoices } from './flite-settings.ts';

type Session = Awaited<ReturnType<ReturnType<typeof flite>['open']>>;
const open: Session[] = [];
const model = flite();
let keeper: Session;
/** Keeps a process warm, so that each test need not start one. */
beforeAll(async () => {
  keeper = await model.open();
});
afterAll(() => keeper.close());
afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
});

async function start(settings: Partial<FliteSettings> = {}) {
  const session = await model.open({ settings });
  open.push(session);
  return session;
}

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

function soundOf(events: readonly SynthesizerEvent[]): Int16Array {
  const pieces = events.flatMap((event) => (event.type === 'audio' ? [event.samples] : []));
  const all = new Int16Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const wordsOf = (events: readonly SynthesizerEvent[]) => events.filter((event) => event.type === 'word');

/** Where it sounds, in milliseconds: windows of 5 ms over a fortieth of the loudest, closures up to 80 ms closed. */
function voicedParts(samples: Int16Array) {
  const levels: number[] = [];
  for (let at = 0; at + 80 <= samples.length; at += 80) levels.push(rms(samples.subarray(at, at + 80)));
  const loud = Math.max(...levels) / 40;
  const parts: { from: number; to: number }[] = [];
  for (const [index, level] of levels.entries()) {
    const last = parts.at(-1);
    const [from, to] = [index * 5, index * 5 + 5];
    if (level < loud) continue;
    if (last !== undefined && from - last.to < 80) last.to = to;
    else parts.push({ from, to });
  }
  return parts.filter(({ from, to }) => to - from > 30);
}

describe('flite', () => {
  it('is a synthesizer that says what it is', async () => {
    expect(isVoiceModel(model, 'synthesizer')).toBe(true);
    expect(model).toMatchObject({ name: 'flite', words: true, produces: { sampleRate: 16_000, channels: 1 } });
  });

  it('refuses what it does not know', async () => {
    expect(() => flite({ voise: 'slt' } as never)).toThrow(/did you mean voice\?/);
    expect(() => flite({ voice: 'awb_time' as never })).toThrow(/slt, rms, awb, kal16/);
    for (const speed of [0, 0.4, 2.1, Number.NaN]) expect(() => flite({ speed })).toThrow(RangeError);
    expect(() => flite({ children: 0 })).toThrow(RangeError);
    expect(() => flite({ cacheBytes: 1.5 })).toThrow(TypeError);
    await expect(flite().open({ settings: { voice: 'kal' as never } })).rejects.toThrow(TypeError);
  });

  it('speaks requests one after the other, words before the end', async () => {
    const events = await speak(await start(), 'Good morning.', 'How are you?');
    const kinds = events.map(({ id, type }) => `${id}:${type}`).filter((kind, index, all) => kind !== all[index - 1]);
    expect(kinds).toEqual(['0:word', '0:audio', '0:finished', '1:word', '1:audio', '1:finished']);
    for (const event of events) if (event.type === 'audio') expect(event.samples.length).toBeLessThanOrEqual(320);
    expect(soundOf(events).length / 16_000).toBeGreaterThan(1.5);
  });

  it.each(fliteVoices)('tells of voice %s when each word sounds, to 50 ms', async (voice) => {
    // Words that begin and end with a voiced sound, so that their ends can be heard.
    const text = 'Anna, Monday, 11, "everyone", yellow, remember.';
    const events = await speak(await start({ voice }), text);
    const words = wordsOf(events);
    expect(words.map(({ from, to }) => text.slice(from, to))).toEqual(text.split(' '));
    const heard = voicedParts(soundOf(events));
    expect(heard).toHaveLength(words.length);
    for (const [index, { startMs, endMs }] of words.entries()) {
      expect(Math.abs(heard[index]!.from - startMs), text.split(' ')[index]).toBeLessThan(50);
      expect(Math.abs(heard[index]!.to - endMs), text.split(' ')[index]).toBeLessThan(50);
    }
  });

  it('goes on with its times where a long text was cut', async () => {
    const sentence = 'This sentence has some words, and they are counted. ';
    const text = sentence.repeat(8);
    const events = await speak(await start(), text);
    const words = wordsOf(events);
    expect(words).toHaveLength(9 * 8);
    for (const [index, { startMs }] of words.entries())
      expect(startMs).toBeGreaterThan(words[index - 1]?.startMs ?? -1);
    const last = voicedParts(soundOf(events)).at(-1)!;
    expect(Math.abs(words.at(-1)!.endMs - last.to)).toBeLessThan(60);
  });

  it.each(['', ' \n', '?!', '😀', '...'])('is finished with %j, without a sound', async (text) => {
    expect((await speak(await start(), text)).map(({ type }) => type)).toEqual(['finished']);
  });

  it.each([
    ['another script', 'Привет, мир', 'fall-back'],
    ['too long a text', 'word '.repeat(1_001), 'give-up'],
  ])('fails a request in %s, and goes on', async (_what, text, category) => {
    const events = await speak(await start(), text, 'Hello');
    expect(events[0]).toMatchObject({ type: 'failed', id: '0', error: { category } });
    expect(isVoiceError((events[0] as { error: unknown }).error)).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'finished', id: '1' });
    expect(soundOf(events).length).toBeGreaterThan(8_000);
  });

  it('speaks one bare word, and what is full of strange signs', async () => {
    const events = await speak(await start(), 'Hello', 'a\u0000\u0007b — “c” -x --help $(ls) ../..');
    expect(events.filter(({ type }) => type === 'finished')).toHaveLength(2);
    expect(wordsOf(events).length).toBeGreaterThan(5);
  });

  it('changes voice and speed for what is written from now on', async () => {
    const session = await start({ voice: 'kal16' });
    const iterator = session[Symbol.asyncIterator]();
    const lengths = new Map<string, number>();
    session.write({ id: 'plain', epoch: 0, text: 'Good morning.' });
    session.update({ speed: 0.5 });
    session.write({ id: 'slow', epoch: 0, text: 'Good morning.' });
    for (let ended = 0; ended < 2; ) {
      const { value } = await iterator.next();
      if (value?.type === 'audio') lengths.set(value.id, (lengths.get(value.id) ?? 0) + value.samples.length);
      if (value?.type === 'finished') ended++;
    }
    expect(lengths.get('slow')! / lengths.get('plain')!).toBeCloseTo(2, 1);
  });

  it('says the same from its memory, in samples that are the reader’s own', async () => {
    const session = await start();
    const first = await speak(session, 'Good morning.');
    const kept = soundOf(first);
    for (const event of first) if (event.type === 'audio') event.samples.fill(0);
    expect(soundOf(await speak(session, 'Good morning.'))).toEqual(kept);
  });

  it('tells nothing of what was cancelled, and speaks what comes next', async () => {
    const session = await start();
    for (let index = 0; index < 20; index++)
      session.write({ id: 'old', epoch: 0, text: `This is sentence ${index} of many.` });
    const iterator = session[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ id: 'old' });
    session.cancel(1);
    session.write({ id: 'new', epoch: 1, text: 'And this is new.' });
    for (;;) {
      const { value } = await iterator.next();
      expect(value?.id).toBe('new');
      if (value?.type === 'finished') break;
    }
    await session.flush();
  });

  it('ends with its signal, in mid-work, and may be closed again', async () => {
    const abort = new AbortController();
    const session = await model.open({ signal: abort.signal });
    session.write({ id: 'a', epoch: 0, text: 'This will not be heard, or not to its end.' });
    abort.abort();
    await Promise.all([session.close(), session.close()]);
    for await (const event of session) expect(event.type).not.toBe('finished');
    await expect(flite().open({ signal: AbortSignal.abort(new Error('not today')) })).rejects.toThrow('not today');
  });

  it('serves two sessions at once, each with its own voice', async () => {
    const sessions = await Promise.all([
      model.open({ settings: { voice: 'slt' } }),
      model.open({ settings: { voice: 'kal16' } }),
    ]);
    open.push(...sessions);
    const [a, b] = await Promise.all(sessions.map((session) => speak(session, 'Good morning.')));
    expect(soundOf(a!).length).not.toBe(soundOf(b!).length);
    await sessions[0]!.close();
    expect((await speak(sessions[1]!, 'Still here.')).at(-1)).toMatchObject({ type: 'finished' });
  });
});

describe('a synthesizer', () => {
  checklist(test, () => model, { kind: 'synthesizer' });
});
