// Voices of people in scenarios: text as sound and back. No room, no turn and no expectation.

/** What can be said; everything else is a pause. Five in a row share a low tone. */
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 '-.";
/** Hz, all whole in 10 ms, so that blocks of 10 ms add up. One low tone and one high tone are a letter. */
const LOW = [400, 500, 600, 700, 800, 900, 1_000, 1_100];
/** Two banks in turn, so that a letter after itself is told apart. */
const HIGH = [
  [1_300, 1_500, 1_700, 1_900, 2_100],
  [2_300, 2_500, 2_700, 2_900, 3_100],
] as const;

/** Length of a letter in milliseconds: a word of five and its pause take 300, about as in speech. */
export const LETTER_MS = 50;
/** Of each of the two tones, in sample units: together -18 dBFS. */
const AMPLITUDE = 4_000;
/** Rise and fall of a letter, in milliseconds, so that nothing clicks. */
const EDGE_MS = 4;
/** Share of the energy of 20 ms that a letter's two tones have together, and each alone. */
const LEAST_SHARE = 0.4;
const LEAST_TONE = 0.08;

/** A letter as it was heard: which, and of which bank. */
export interface HeardLetter {
  readonly letter: string;
  readonly bank: 0 | 1;
}

/** The text as it can be said: small letters without accents, digits, apostrophes and hyphens, single spaces. */
export function spellable(text: string): string {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[’]/g, "'").toLowerCase();
  return plain
    .replace(/[^a-z0-9'\- ]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The sound of one letter at a place of an utterance. */
export function letterSound(letter: string, place: number, sampleRate: number): Int16Array {
  const code = LETTERS.indexOf(letter);
  const low = LOW[Math.floor(code / 5)]!;
  const high = HIGH[place % 2]![code % 5]!;
  const length = (LETTER_MS * sampleRate) / 1_000;
  const edge = (EDGE_MS * sampleRate) / 1_000;
  const omega = (2 * Math.PI) / sampleRate;
  return Int16Array.from({ length }, (_, index) => {
    const rise = Math.min(1, (index + 1) / edge, (length - index) / edge);
    return Math.round(rise * AMPLITUDE * (Math.sin(omega * low * index) + Math.sin(omega * high * index)));
  });
}

/** What one block of 10 ms has of each tone. */
interface Block {
  readonly sines: Float64Array;
  readonly cosines: Float64Array;
  readonly energy: number;
}

/** Listens to blocks of 10 ms, two at a time, and says which letter they are. */
export class LetterListener {
  readonly #length: number;
  readonly #tables: readonly { readonly sine: Float64Array; readonly cosine: Float64Array }[];
  #before: Block | undefined;

  constructor(sampleRate: number) {
    this.#length = sampleRate / 100;
    const table = (of: (angle: number) => number, frequency: number) =>
      Float64Array.from({ length: this.#length }, (_, index) => of((2 * Math.PI * frequency * index) / sampleRate));
    this.#tables = [...LOW, ...HIGH[0], ...HIGH[1]].map((frequency) => ({
      sine: table(Math.sin, frequency),
      cosine: table(Math.cos, frequency),
    }));
  }

  /** The letter of the last 20 ms; undefined where there is none. */
  hear(samples: Int16Array): HeardLetter | undefined {
    const block = this.#measure(samples);
    const before = this.#before;
    this.#before = block;
    if (before === undefined) return undefined;
    const energy = block.energy + before.energy;
    const share = (tone: number) => {
      const sine = block.sines[tone]! + before.sines[tone]!;
      const cosine = block.cosines[tone]! + before.cosines[tone]!;
      return (sine * sine + cosine * cosine) / (this.#length * energy);
    };
    const low = loudest(0, LOW.length, share);
    const high = loudest(LOW.length, LOW.length + 10, share);
    if (low.share + high.share < LEAST_SHARE || low.share < LEAST_TONE || high.share < LEAST_TONE) return undefined;
    const column = high.tone - LOW.length;
    return { letter: LETTERS[5 * low.tone + (column % 5)]!, bank: column < 5 ? 0 : 1 };
  }

  /** Nothing was to be heard for 10 ms. */
  pause(): void {
    this.#before = undefined;
  }

  #measure(samples: Int16Array): Block {
    const sines = new Float64Array(this.#tables.length);
    const cosines = new Float64Array(this.#tables.length);
    let energy = 0;
    for (let index = 0; index < this.#length; index++) energy += samples[index]! * samples[index]!;
    for (const [tone, { sine, cosine }] of this.#tables.entries()) {
      let [a, b] = [0, 0];
      for (let index = 0; index < this.#length; index++) {
        a += samples[index]! * sine[index]!;
        b += samples[index]! * cosine[index]!;
      }
      sines[tone] = a;
      cosines[tone] = b;
    }
    return { sines, cosines, energy };
  }
}

function loudest(from: number, to: number, share: (tone: number) => number): { tone: number; share: number } {
  let best = { tone: from, share: -1 };
  for (let tone = from; tone < to; tone++) {
    const is = share(tone);
    if (is > best.share) best = { tone, share: is };
  }
  return best;
}
