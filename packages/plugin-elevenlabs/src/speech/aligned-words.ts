// When each word of a text sounds, from the times of its characters. No socket.

/** The times of the characters of one piece of sound, in milliseconds from its first sample. */
export interface Alignment {
  readonly chars: readonly string[];
  readonly charStartTimesMs: readonly number[];
  readonly charDurationsMs: readonly number[];
}

/** A word of the text, by its place and its time. */
export interface AlignedWord {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** How many characters of the text the service may leave out in one place. */
const MOST_SKIPPED = 32;

/**
 * Follows the characters that have sounded through the text that was asked, and gives each word once all of it has. White
 * space that the service adds is passed over, and so is what it leaves out. A word of which it says no time is not given.
 */
export class AlignedWords {
  readonly #text: string;
  readonly #words: { readonly from: number; readonly to: number; startMs?: number; endMs: number }[];
  /** The next character of the text, and the next word to give. */
  #at = 0;
  #next = 0;
  #latest = 0;

  constructor(text: string) {
    this.#text = text;
    this.#words = [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
      from: index,
      to: index + word.length,
      endMs: 0,
    }));
  }

  /** @param baseMs When the piece of sound begins, in milliseconds from the first sample. */
  take({ chars, charStartTimesMs, charDurationsMs }: Alignment, baseMs: number): AlignedWord[] {
    for (const [index, char] of chars.entries()) {
      if (char.trim() === '') continue;
      const found = this.#text.indexOf(char, this.#at);
      if (found < 0 || found - this.#at > MOST_SKIPPED) continue;
      this.#at = found + char.length;
      const word = this.#words.find(({ from, to }) => from <= found && found < to);
      const start = charStartTimesMs[index];
      if (word === undefined || start === undefined) continue;
      // Pieces of sound follow one another, and so do the words.
      this.#latest = Math.max(this.#latest, baseMs + start);
      word.startMs ??= this.#latest;
      word.endMs = Math.max(word.endMs, this.#latest, baseMs + start + (charDurationsMs[index] ?? 0));
    }
    return this.#give((to) => to <= this.#at);
  }

  /** What is left at the end. */
  rest(): AlignedWord[] {
    return this.#give(() => true);
  }

  #give(isOver: (to: number) => boolean): AlignedWord[] {
    const given: AlignedWord[] = [];
    for (let word = this.#words[this.#next]; word !== undefined && isOver(word.to); word = this.#words[this.#next]) {
      this.#next++;
      const { from, to, startMs, endMs } = word;
      if (startMs !== undefined) given.push({ from, to, startMs, endMs });
    }
    return given;
  }
}
