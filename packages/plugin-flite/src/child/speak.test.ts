import { beforeAll, describe, expect, it } from 'vitest';
import { FliteProgram } from './flite-program.ts';
import { Lexicon } from './lexicon.ts';
import { readWav } from './read-wav.ts';
import { readPhones, speak } from './speak.ts';

let program: FliteProgram;
let lexicon: Lexicon;
beforeAll(() => {
  program = new FliteProgram();
  lexicon = new Lexicon(program);
});
const say = (text: string, stretch = 1) =>
  speak(program, lexicon, { id: 1, voice: 'kal16', stretch, tokens: text.split(' ') });

describe('flite', () => {
  it('speaks what a shell would take for a file, an option or a folder', () => {
    for (const text of ['Hello', '-t', '--help', '/in.txt', 'play'])
      expect(say(text).samples.length, text).toBeGreaterThan(3_000);
  });

  it('says the same again, to the sample', () => {
    expect(say('One two three.').samples).toEqual(say('One two three.').samples);
  });

  it('takes longer when it is stretched', () => {
    const [plain, slow] = [say('Good morning.'), say('Good morning.', 2)];
    expect(slow.samples.length / plain.samples.length).toBeCloseTo(2, 1);
    expect(slow.times[1]!.start / plain.times[1]!.start).toBeCloseTo(2, 1);
  });

  it('times each token, numbers as one', () => {
    const { times, samples } = say("I have 1,234 apples, and it's $5 million for Dr. Smith.");
    expect(times.map(({ token }) => token)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const [index, { start, end }] of times.entries()) {
      expect(end).toBeGreaterThan(start);
      expect(start).toBeGreaterThanOrEqual(times[index - 1]?.end ?? 0);
    }
    expect(times.at(-1)!.end).toBeLessThanOrEqual(samples.length / 16_000);
  });

  it('knows the phones of tokens that it cannot look up together', () => {
    expect(lexicon.phonesOf(['Yes,', 'yes', 'a b'])).toEqual([
      ['y', 'eh', 's'],
      ['y', 'eh', 's'],
      ['ax', 'b', 'iy'],
    ]);
  });

  it('refuses a sound of another rate, and none', () => {
    const { wav } = program.run(['-voice', 'kal', '-t', 'Hello there', '-o', '/out.wav']);
    expect(() => readWav(wav, 16_000)).toThrow(/8000 Hz/);
    expect(() => readWav(new Uint8Array(0), 16_000)).toThrow(/no sound/);
  });
});

it('reads times of several utterances as one', () => {
  expect(readPhones('pau:0.2 ay:0.5 \npau:0.1 m:0.25 \n\n')).toEqual([
    { name: 'pau', start: 0, end: 0.2 },
    { name: 'ay', start: 0.2, end: 0.5 },
    { name: 'pau', start: 0.5, end: 0.6 },
    { name: 'm', start: 0.6, end: 0.75 },
  ]);
});
