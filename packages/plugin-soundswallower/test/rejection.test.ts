import { sentences, soundswallower } from '@sluice/plugin-soundswallower';
import { expect, it } from 'vitest';
import { listening } from '../../../test/speech/hear.ts';
import { frames, say, sayAll, throughTelephone } from '../../../test/speech/speech.ts';

const grammar = sentences(
  [
    '[hello] who are you',
    'what (can you do | is this)',
    '(set | start) a timer for {count} (seconds | minutes) [please]',
    'how long is left',
    '(play | stop) [some | the] music',
    'count to {count}',
    'go on',
    '(yes | no) please',
    'say that again',
    'good morning',
  ],
  { count: ['ten', 'twenty', 'thirty', 'forty five'] },
);

const inside = [
  'who are you',
  'hello who are you',
  'what can you do',
  'set a timer for ten seconds',
  'start a timer for forty five minutes please',
  'how long is left',
  'play some music',
  'stop the music',
  'count to twenty',
  'yes please',
  'say that again',
  'good morning',
];

/** None of them was used to choose the tolerance. */
const outside = [
  'the library opens at nine',
  'would you like a cup of coffee',
  'my phone is almost empty',
  'he plays football every sunday',
  'the mountains are covered with snow',
  'is there a pharmacy near here',
  'she has lived in berlin for ten years',
  'put the milk back in the fridge',
  'tomorrow will be a sunny day',
  'i cannot find my glasses',
  'the bridge was closed after the storm',
  'they sold the house last summer',
  'how far is the airport from the city',
  'what is the name of this street',
  'play the guitar for your friends',
  'set the table for dinner please',
  'stop talking and listen to me',
  'who is the president of the club',
  'a good book makes the evening short',
  'my uncle works in a factory',
  'every window in the tower was dark',
  'let us meet in front of the station',
  'it has been raining since friday',
  'the recipe needs two eggs and some butter',
  'write your address on the envelope',
];

/** Each voice once, each way once: a pair takes twenty seconds. */
const cases = [
  { voice: 'slt', way: 'straight', through: (samples: Int16Array) => samples },
  { voice: 'f2', way: 'through a telephone', through: throughTelephone },
] as const;

it.each(cases)(
  'understands $voice $way, and rejects what is not in the grammar',
  { timeout: 240_000 },
  async ({ voice, through }) => {
    const ears = listening(await soundswallower({ grammar }).open());
    sayAll([...inside, ...outside], voice);
    let startUs = 0;
    const hear = async (text: string) => {
      const final = await ears.hear(frames(through(say(text, voice)), 20, startUs));
      startUs += 10_000_000;
      return { said: text, heard: final?.text, rejected: final?.rejected ?? false };
    };
    const wrong = [];
    for (const text of inside) {
      const result = await hear(text);
      if (result.rejected || result.heard !== text) wrong.push(result);
    }
    // Measured: none with slt, one with f2, whose `good morning` is heard as another.
    expect(wrong.length, JSON.stringify(wrong)).toBeLessThanOrEqual(2);
    const accepted = [];
    for (const text of outside) {
      const result = await hear(text);
      if (!result.rejected) accepted.push(result);
    }
    // Measured: none with f2, with slt one that sounds alike: `set the table for dinner` for a timer of ten minutes.
    expect(accepted.length, JSON.stringify(accepted)).toBeLessThanOrEqual(1);
    await ears.session.close();
  },
);
