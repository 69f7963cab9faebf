import { AudioFrame, micros } from '@sluice/core';
import { isVoiceModel } from '@sluice/core/voice';
import { isAvailable, pocketsphinx } from '@sluice/plugin-pocketsphinx';
import { describe, expect, it } from 'vitest';
import { listening } from '../../../test/speech/hear.ts';
import { frames, RATE, say } from '../../../test/speech/speech.ts';

const installed = await isAvailable();
const grammar =
  '#JSGF V1.0;\ngrammar g;\npublic <s> = who are you | play [some] music | set a timer for ten seconds;\n';
const open = async (options: Parameters<typeof pocketsphinx>[0] = {}, opening = {}) =>
  listening(await pocketsphinx(options).open(opening));

if (!installed) {
  // Suites that need it say so; where everything must be there that is a failure.
  console.warn('pocketsphinx is not installed: scripts/install-test-tools.sh');
  it('is installed where it must be', () => expect(process.env.CI).not.toBe('true'));
}

describe.runIf(installed)('pocketsphinx, installed', () => {
  it('hears free speech, with partials and the times of words in media time', async () => {
    const ears = await open();
    const final = await ears.hear(frames(say('my sister bought a new bicycle'), 20, 5_000_000));
    expect(final).toMatchObject({ text: 'my sister bought a new bicycle' });
    const words = final?.words ?? [];
    expect(words.map(({ text }) => text).join(' ')).toBe(final?.text);
    expect(words[0]?.start).toBeGreaterThan(5_250_000);
    expect(words[0]?.start).toBeLessThan(5_600_000);
    for (const [index, { start, end }] of words.entries()) {
      expect(end).toBeGreaterThan(start);
      expect(start).toBeGreaterThanOrEqual(words[index - 1]?.end ?? 0);
    }
    expect(ears.events.filter(({ type }) => type === 'partial').length).toBeGreaterThan(3);
    await ears.session.close();
  });

  it('leaves the times of words where they were when speech goes on after a pause', async () => {
    const ears = await open();
    const said = say('the train leaves at half past seven');
    const pause = new Int16Array(4 * RATE);
    const final = await ears.hear(frames(Int16Array.from([...said, ...pause, ...said])));
    const gap = said.length + pause.length;
    const middle = ((said.length + pause.length / 2) / RATE) * 1e6;
    const [before, after] = [
      final?.words.filter(({ end }) => end < middle),
      final?.words.filter(({ start }) => start > middle),
    ];
    expect(before?.map(({ text }) => text)).toContain('train');
    const first = (words = final?.words) => words?.find(({ text }) => text === 'train')?.start ?? 0;
    expect(Math.abs(first(after) - first(before) - (gap / RATE) * 1e6)).toBeLessThan(60_000);
    await ears.session.close();
  });

  it('gives the same result for pieces of any size, in two sessions at once', async () => {
    const samples = say('green apples taste better');
    const [small, large] = await Promise.all(
      [10, 10_000].map(async (ms) => {
        const ears = await open();
        await ears.hear(frames(samples, ms));
        await ears.session.close();
        return ears.events;
      }),
    );
    expect(small).toEqual(large);
    expect(small?.at(-1)).toMatchObject({ type: 'final', text: expect.stringMatching(/^green apple/) });
  });

  it('hears the sentences of a grammar, and free speech again without one', async () => {
    const ears = await open({ grammar });
    expect(await ears.hear(frames(say('who are you')))).toMatchObject({ text: 'who are you' });
    expect(await ears.hear(frames(say('set a timer for'), 20, 1e7))).toMatchObject({ rejected: true });
    ears.session.update({ grammar: '' });
    const free = await ears.hear(frames(say('my sister bought a new bicycle'), 20, 2e7));
    expect(free).toMatchObject({ text: expect.stringMatching(/^my sister bought/) });
    await ears.session.close();
  });

  it('tells of silence only that it ended, and nothing where nothing was written', async () => {
    const ears = await open();
    const final = await ears.hear(frames(new Int16Array(RATE), 20, 3_000_000));
    expect(final).toEqual({ type: 'final', text: '', words: [], start: 3_000_000, end: 4_000_000 });
    await ears.session.flush();
    expect(ears.events).toHaveLength(1);
    await ears.session.close();
  });

  it('names the words that a grammar has and the dictionary lacks, and what is no grammar', async () => {
    const lacking = pocketsphinx({ grammar: grammar.replace('music', 'frobnicator') }).open();
    await expect(lacking).rejects.toThrow(/dictionary lacks frobnicator/);
    await expect(pocketsphinx({ grammar: 'play music' }).open()).rejects.toThrow(/not JSGF/);
  });

  it('tells nothing of what was cancelled, and closes in the middle of its work', async () => {
    const ears = await open({ grammar });
    for (const frame of frames(say('who are you'))) void ears.session.write(frame);
    const ending = ears.session.flush();
    ears.session.cancel(1);
    const told = ears.events.length;
    await ending;
    expect(ears.events).toHaveLength(told);
    for (const frame of frames(say('play music'), 20, 5e7)) void ears.session.write(Object.assign(frame, { epoch: 1 }));
    await Promise.all([ears.session.close(), ears.session.close(), ears.over]);
  });

  it('refuses telephone rates and two channels, which the library would take for 16 kHz', async () => {
    const ears = await open({ grammar });
    ears.session.write(
      new AudioFrame({ samples: new Int16Array(160), sampleRate: 8_000, channels: 1, timestamp: micros(0) }),
    );
    await expect(ears.over).rejects.toThrow(/one channel of 16 kHz/);
  });

  it('says so for model files that are none', async () => {
    const error = await pocketsphinx({ model: new URL('.', import.meta.url).pathname })
      .open()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SLUICE_VOICE_MODEL', category: 'give-up' });
    expect(String(error)).toMatch(/there is no .*Install the Debian packages libpocketsphinx3 and pocketsphinx-en-us/);
  });
});

describe('pocketsphinx, not installed', () => {
  const libraries = { base: 'libnothing.so.3', decoder: 'libnothing.so.3' };

  it('says which packages to install', async () => {
    const error = await pocketsphinx({ libraries })
      .open()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SLUICE_VOICE_MODEL', category: 'give-up', model: 'pocketsphinx' });
    expect(String(error)).toMatch(/libnothing.*Install the Debian packages/);
    expect(await isAvailable({ model: '/nowhere', libraries })).toBe(false);
  });

  it('refuses options and settings that are none, at once', async () => {
    expect(isVoiceModel(pocketsphinx(), 'recognizer')).toBe(true);
    for (const options of [{ gramar: '' }, { grammar: 1 }, { model: 1 }, { libraries: {} }, { libraries: { bas: '' } }])
      expect(() => pocketsphinx(options as never)).toThrow(TypeError);
    await expect(pocketsphinx().open({ settings: { model: 'x' } as never })).rejects.toThrow(TypeError);
  });
});
