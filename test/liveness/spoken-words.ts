/** In hertz, of everything that is heard and said here: nothing is resampled, so that each word is known by its samples. */
export const RATE = 16_000;
/** How long a word sounds, and the pause after it, in samples. */
export const WORD = RATE / 10;
const PAUSE = RATE / 50;
/** Amplitudes of words without a number, and the step from one number to the next. */
const PLAIN = 800;
const FIRST = 1_000;
const STEP = 8;

const numberOf = (word: string): number | undefined => {
  const digits = /^w(\d+)/i.exec(word)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** The numbers of the words `w1`, `w2` in a text. */
export function numbersIn(text: string): number[] {
  return (text.match(/\bw\d+/gi) ?? []).map((word) => Number(word.slice(1)));
}

export interface SaidWord {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Says a text: a square wave for each word, whose height is the word's number. */
export function sayWords(text: string): { readonly samples: Int16Array; readonly words: readonly SaidWord[] } {
  const found = [...text.matchAll(/\S+/g)];
  const samples = new Int16Array(found.length * (WORD + PAUSE));
  const words = found.map(({ 0: word, index: from }, index) => {
    const start = index * (WORD + PAUSE);
    const number = numberOf(word);
    const height = number === undefined ? PLAIN : FIRST + STEP * number;
    for (let at = 0; at < WORD; at++) samples[start + at] = at & 16 ? height : -height;
    const [startMs, endMs] = [start, start + WORD].map((sample) => (sample * 1_000) / RATE) as [number, number];
    return { from, to: from + word.length, startMs, endMs };
  });
  return { samples, words };
}

/** Square waves of numbered words, and one of no word. */
export const squareWords = { rate: RATE, say: sayWords, drone: () => new Int16Array(RATE).fill(700) };

/** What was heard of a word. Times are on the clock, in milliseconds. */
export interface HeardSound {
  samples: number;
  readonly fromMs: number;
  toMs: number;
}

/** Listens to what leaves a device and knows, of each word with a number, how much of it did and when. */
export class FarEar {
  readonly heard = new Map<number, HeardSound>();
  #before = 0;

  /** Takes 10 ms that left at `nowMs`. */
  hear(samples: Int16Array, nowMs: number): void {
    for (const sample of samples) {
      const height = Math.abs(sample) - FIRST;
      const before = this.#before;
      this.#before = height;
      // In a fade no two samples are alike.
      if (height < 0 || height % STEP !== 0 || height !== before) continue;
      const number = height / STEP;
      const known = this.heard.get(number);
      if (known === undefined) this.heard.set(number, { samples: 1, fromMs: nowMs - 10, toMs: nowMs });
      else {
        known.samples++;
        known.toMs = nowMs;
      }
    }
  }

  /** The part of a word that was heard, up to 1. */
  shareOf(number: number): number {
    return (this.heard.get(number)?.samples ?? 0) / WORD;
  }
}
