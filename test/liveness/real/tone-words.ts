import { seededRandom } from '@sluice/core/testing';
import { AUDIBLE } from '../../../packages/scenario/src/stage/ear.ts';
import { LettersHeard } from '../../../packages/scenario/src/voice/letters-heard.ts';
import { LETTER_MS, letterSound, spellable } from '../../../packages/scenario/src/voice/tone-code.ts';
import { eachBlock, type Understanding } from '../faulty-ears.ts';
import type { SpokenForm } from '../faulty-synthesizer.ts';
import { RATE, type SaidWord } from '../spoken-words.ts';

const LETTER = (RATE * LETTER_MS) / 1_000;

/** Spells a text in tones that are understood behind a real call. */
export function spell(text: string): { readonly samples: Int16Array; readonly words: readonly SaidWord[] } {
  const sounds: Int16Array[] = [];
  const words: SaidWord[] = [];
  const say = (letters: string) => {
    for (const letter of letters) sounds.push(letterSound(letter, sounds.length, RATE));
  };
  for (const { 0: word, index: from } of text.matchAll(/\S+/g)) {
    const spelt = spellable(word);
    if (spelt === '') continue;
    const startMs = sounds.length * LETTER_MS;
    say(spelt);
    words.push({ from, to: from + word.length, startMs, endMs: sounds.length * LETTER_MS });
    say(' ');
  }
  const samples = new Int16Array(sounds.length * LETTER);
  for (const [index, sound] of sounds.entries()) samples.set(sound, index * LETTER);
  return { samples, words };
}

/** Words in tones, and a tone that is no word. */
export const toneWords: SpokenForm = {
  rate: RATE,
  say: spell,
  drone: () => {
    const samples = new Int16Array(RATE);
    for (let letter = 0; letter * LETTER < RATE; letter++) samples.set(letterSound(' ', letter, RATE), letter * LETTER);
    return samples;
  },
};

/** A cough: noise in which there is no letter. */
export function cough(ms: number, seed: number): Int16Array {
  const random = seededRandom(seed);
  return Int16Array.from({ length: (ms * RATE) / 1_000 }, () => 8_000 * (2 * random() - 1));
}

/** Understands words in tones. */
export function understandTones(): Understanding {
  let words: string[] = [];
  let told = 0;
  let stretch: { start: number; end: number } | undefined;
  const letters = new LettersHeard(({ text }) => void words.push(text));
  return {
    hear(frame) {
      letters.read(frame);
      eachBlock(frame, AUDIBLE, (loud, from, to) => {
        if (loud) stretch = { start: stretch?.start ?? from, end: to };
      });
      if (words.length === told) return undefined;
      told = words.length;
      return words.join(' ');
    },
    now: () => (stretch === undefined ? undefined : words.join(' ')),
    finish() {
      letters.finish();
      const text = words.join(' ');
      const whole = stretch;
      words = [];
      told = 0;
      stretch = undefined;
      return whole && { ...whole, text };
    },
  };
}
