/** A word of a text with its place in the sound. */
export interface WordTime {
  /** In UTF-16 units of the text. */
  readonly from: number;
  readonly to: number;
  /** In milliseconds from the first sample. */
  readonly startMs: number;
  readonly endMs: number;
}

/** What a pause after a word costs, in letters, by the stop behind it. */
const PAUSES: readonly (readonly [RegExp, number])[] = [
  [/[.!?…:;]["')\]]*$/, 6],
  [/,["')\]]*$/, 3],
];

/**
 * Where the words of a text sound, where nobody tells: each as long as its letters, a digit as three, a pause after stops.
 * Off by some 100 ms a word in practice; whoever has real times uses them.
 */
export function estimatedWords(text: string, durationMs: number): WordTime[] {
  const words = [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => {
    const letters = word.replace(/[^\p{L}\p{N}]/gu, '');
    const sound = letters.length + 2 * (letters.match(/\p{N}/gu)?.length ?? 0);
    return { from: index, to: index + word.length, sound: Math.max(1, sound), pause: pauseAfter(word) };
  });
  // The pause of the last word is silence that nobody waits for.
  const total = words.reduce((sum, { sound, pause }, i) => sum + sound + (i + 1 < words.length ? pause : 0), 0);
  let at = 0;
  return words.map(({ from, to, sound, pause }) => {
    const startMs = (durationMs * at) / total;
    const endMs = (durationMs * (at + sound)) / total;
    at += sound + pause;
    return { from, to, startMs, endMs };
  });
}

/** What a letter or a digit takes in English at the speed of a synthesizer, in milliseconds: about 15 a second. */
const LETTER_MS = 65;

/** How long a text would sound, in milliseconds, where nobody knows. */
export function likelyMs(text: string): number {
  return text.length * LETTER_MS;
}

function pauseAfter(word: string): number {
  return PAUSES.find(([stop]) => stop.test(word))?.[1] ?? 1;
}

/** The text up to the last word that was heard whole, without the white space behind it. */
export function heardText(text: string, words: readonly WordTime[], playedMs: number): string {
  let to = 0;
  for (const word of words) {
    if (word.endMs > playedMs) break;
    to = word.to;
  }
  return text.slice(0, to);
}
