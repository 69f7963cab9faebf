import type { FliteProgram } from './flite-program.ts';

/** So many tokens are remembered; then it begins anew. */
const MOST_TOKENS = 5_000;

/**
 * The phones of each token as it sounds alone. flite says phones of a sentence but not which word they are of; of a file
 * where an empty line follows each token it speaks each as a sentence of its own, with one line of phones.
 */
export class Lexicon {
  readonly #program: FliteProgram;
  readonly #phones = new Map<string, readonly string[]>();

  constructor(program: FliteProgram) {
    this.#program = program;
  }

  phonesOf(tokens: readonly string[]): readonly (readonly string[])[] {
    if (this.#phones.size > MOST_TOKENS) this.#phones.clear();
    const unknown = [...new Set(tokens.map(plain))].filter((token) => !this.#phones.has(token));
    if (unknown.length > 0) this.#learn(unknown);
    return tokens.map((token) => this.#phones.get(plain(token)) ?? []);
  }

  #learn(tokens: readonly string[]): void {
    // The quickest voice: its sound is not wanted.
    const args = ['-voice', 'kal16', '-ps', '-f', '/in.txt', '-o', 'none'];
    const lines = this.#program
      .run(args, `${tokens.join('\n\n')}\n`)
      .output.trimEnd()
      .split('\n');
    if (lines.length === tokens.length) {
      for (const [index, token] of tokens.entries()) this.#phones.set(token, withoutPauses(lines[index]!));
    } else if (tokens.length === 1) this.#phones.set(tokens[0]!, withoutPauses(lines.join(' ')));
    else for (const token of tokens) this.#learn([token]);
  }
}

/** Punctuation at its ends changes no phone, but for a full stop's: "Dr." */
function plain(token: string): string {
  return token.replace(/^["'(]+|[,;:!?"')]+$/g, '') || token;
}

function withoutPauses(line: string): string[] {
  return line.split(' ').filter((phone) => phone !== '' && phone !== 'pau');
}
