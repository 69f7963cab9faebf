import { AudioFrame, micros } from '@sluice/core';
import { isVoiceModel } from '@sluice/core/voice';
import { sentences, soundswallower } from '@sluice/plugin-soundswallower';
import { describe, expect, it } from 'vitest';
import { listening } from '../../../test/speech/hear.ts';
import { frames, RATE, say } from '../../../test/speech/speech.ts';

const grammar = sentences(['who are you', 'play [some] music', 'set a timer for {count} seconds', 'stop'], {
  count: ['ten', 'twenty', 'thirty'],
});
const open = async (options = {}) => listening(await soundswallower({ grammar }).open(options));

describe('soundswallower', () => {
  it('hears a sentence, with the times of its words in media time', async () => {
    const ears = await open();
    const final = await ears.hear(frames(say('set a timer for twenty seconds'), 20, 7_000_000));
    expect(final).toMatchObject({ text: 'set a timer for twenty seconds' });
    expect(final).not.toHaveProperty('rejected');
    expect(final?.words.map(({ text }) => text).join(' ')).toBe(final?.text);
    expect(final?.words[0]?.start).toBeGreaterThan(7_200_000);
    expect(final?.words[0]?.start).toBeLessThan(7_550_000);
    for (const [index, word] of (final?.words ?? []).entries()) {
      expect(word.end).toBeGreaterThan(word.start);
      if (index > 0) expect(word.start).toBeGreaterThanOrEqual(final?.words[index - 1]?.end ?? 0);
    }
    expect(ears.events.length).toBeGreaterThan(2);
    expect(ears.events.slice(0, -1).every(({ type }) => type === 'partial')).toBe(true);
    await ears.session.close();
  });

  it('gives the same result for pieces of any size, and two sessions at once', async () => {
    const samples = say('play some music');
    const told = await Promise.all(
      [10, 20, 33, 5_000].map(async (ms) => {
        const ears = await open();
        await ears.hear(frames(samples, ms));
        await ears.session.close();
        return ears.events;
      }),
    );
    expect(told[0]!.at(-1)).toMatchObject({ type: 'final', text: 'play some music' });
    for (const events of told) expect(events).toEqual(told[0]);
  });

  it('rejects what is not in its grammar, and says nothing of silence but that it ended', async () => {
    const ears = await open();
    expect(await ears.hear(frames(say('my sister bought a new bicycle')))).toMatchObject({ text: '', rejected: true });
    const silent = await ears.hear(frames(new Int16Array(RATE), 20, 9_000_000));
    expect(silent).toEqual({ type: 'final', text: '', words: [], start: 9_000_000, end: 10_000_000 });
    const told = ears.events.length;
    await ears.session.flush();
    expect(ears.events).toHaveLength(told);
    expect(await ears.hear(frames(say('who are you'), 20, 2e7))).toMatchObject({ text: 'who are you' });
    await ears.session.close();
  });

  it('keeps the words of a sentence that was broken off', async () => {
    const ears = await open();
    const broken = await ears.hear(frames(say('set a timer for')));
    expect(broken).toMatchObject({ rejected: true, text: expect.stringMatching(/^set a timer/) });
    await ears.session.close();
  });

  it('ends a stretch at a hole and at a gap', async () => {
    const ears = await open();
    const [first, second] = [[...frames(say('who are you'))], [...frames(say('play music'), 20, 60_000_000)]];
    await ears.hear([...first, ...second]);
    expect(ears.finals().map(({ text }) => text)).toEqual(['who are you', 'play music']);
    expect(ears.finals()[1]!.start).toBeGreaterThan(60_000_000);
    await ears.session.close();
  });

  it('changes its grammar between stretches, and keeps the old one when the new one is wrong', async () => {
    const ears = await open();
    const [yes, play] = [say('good morning everybody'), say('play some music')];
    for (const [index, frame] of [...frames(play)].entries()) {
      if (index === 20) ears.session.update({ grammar: sentences(['good morning everybody']) });
      await ears.session.write(frame);
    }
    await ears.session.flush();
    expect(await ears.hear(frames(yes, 20, 2e7))).toMatchObject({ text: 'good morning everybody' });
    expect(ears.finals()[0]).toMatchObject({ text: 'play some music' });
    expect(() => ears.session.update({ grammar: sentences(['hello frobnicator']) })).toThrow(
      /pronunciations: \{ "frobnicator".*received "frobnicator"/,
    );
    expect(() => ears.session.update({ grammar: '#JSGF V1.0; grammar g; public <a> = (b;' })).toThrow(TypeError);
    expect(await ears.hear(frames(yes, 20, 4e7))).toMatchObject({ text: 'good morning everybody' });
    await ears.session.close();
  });

  it('learns words that the dictionary lacks', async () => {
    const model = soundswallower({ sentences: ['what is zluice', 'stop'], pronunciations: { zluice: 'S L UW S' } });
    const ears = listening(await model.open());
    expect(await ears.hear(frames(say('what is sluice')))).toMatchObject({ text: 'what is zluice' });
    await ears.session.close();
    expect(() => soundswallower({ sentences: ['what is zluice'] })).toThrow(/zluice/);
  });

  it('tells nothing of what was cancelled', async () => {
    const ears = await open();
    for (const frame of frames(say('who are you'))) void ears.session.write(frame);
    const ending = ears.session.flush();
    ears.session.cancel(1);
    const before = ears.events.length;
    await ending;
    await new Promise((resolve) => setImmediate(resolve));
    expect(ears.events).toHaveLength(before);
    const later = [...frames(say('play music'), 20, 5e7)].map((frame) => Object.assign(frame, { epoch: 1 }));
    expect(await ears.hear(later)).toMatchObject({ text: 'play music' });
    await ears.session.close();
  });

  it('closes in the middle of its work, twice, and on an abort', async () => {
    const abort = new AbortController();
    const ears = await open({ signal: abort.signal });
    for (const frame of frames(say('who are you'))) void ears.session.write(frame);
    const ending = ears.session.flush();
    abort.abort();
    await Promise.all([ending, ears.over, ears.session.close(), ears.session.close()]);
    expect(ears.finals()).toEqual([]);
  });

  it('refuses other rates and channels, and says what it hears', async () => {
    for (const format of [
      { sampleRate: 8_000, channels: 1 },
      { sampleRate: 16_000, channels: 2 },
    ]) {
      const ears = await open();
      ears.session.write(new AudioFrame({ samples: new Int16Array(320), timestamp: micros(0), ...format }));
      await expect(ears.over).rejects.toThrow(/one channel of 16 kHz; received/);
    }
  });

  it('says that a grammar is none which only the engine refuses', async () => {
    const model = soundswallower({ grammar: '#JSGF V1.0;\ngrammar g;\npublic <a> = stop | | * now;' });
    const refused = await model.open().catch((reason: unknown) => reason);
    expect(refused).toMatchObject({ code: 'SLUICE_VOICE_MODEL', category: 'give-up' });
    expect(String(refused)).toMatch(/grammar cannot be used: Failed to parse JSGF/);
  });

  it('takes noise and clipped sound without harm', async () => {
    const ears = await open();
    const garbage = Int16Array.from({ length: RATE }, (_, index) => ((index * 7_919) % 65_536) - 32_768);
    expect(await ears.hear(frames(garbage))).toMatchObject({ type: 'final', text: '' });
    expect(await ears.hear(frames(new Int16Array(RATE).fill(32_767), 20, 5e6))).toMatchObject({ text: '' });
    expect(await ears.hear(frames(say('stop'), 20, 9e6))).toMatchObject({ text: 'stop' });
    await ears.session.close();
  });

  it('refuses options and settings that are none, at once', async () => {
    expect(isVoiceModel(soundswallower({ grammar }), 'recognizer')).toBe(true);
    const refused: [unknown, RegExp | typeof RangeError][] = [
      [{}, /either grammar or sentences/],
      [{ grammar, sentences: ['stop'] }, /either grammar or sentences/],
      [{ grammar, tolerence: 1 }, /did you mean tolerance/],
      [{ grammar, tolerance: -1 }, RangeError],
      [{ grammar: 'stop' }, /JSGF/],
      [{ grammar, pronunciations: { Stop: 'S' } }, /lower case/],
      [{ grammar, pronunciations: { stop: 'stop' } }, /phones of/],
    ];
    for (const [options, error] of refused) expect(() => soundswallower(options as never)).toThrow(error);
    await expect(soundswallower({ grammar }).open({ settings: { words: 1 } as never })).rejects.toThrow(TypeError);
  });
});
