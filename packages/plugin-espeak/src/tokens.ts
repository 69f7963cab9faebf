/** What stands between white space. */
export interface Token {
  /** Where it stands in the text, in UTF-16 units, punctuation included. */
  readonly from: number;
  readonly to: number;
  readonly spoken: string;
}

/** The tokens of a text that can be spoken: those with a letter, a digit or a sign. No control characters, no half pairs. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const { 0: token, index: from } of text.matchAll(/[^\s\p{Cc}]+/gu)) {
    const spoken = token.replace(/\p{Cs}|\p{Co}|\p{Cn}/gu, '');
    if (/[\p{L}\p{N}\p{S}@#%&]/u.test(spoken)) tokens.push({ from, to: from + token.length, spoken });
    else if (tokens.length > 0) {
      // A mark that stands alone, a dash, goes with what it follows, which its pause is heard after.
      const last = tokens.at(-1)!;
      tokens[tokens.length - 1] = { ...last, spoken: `${last.spoken} ${spoken}` };
    }
  }
  return tokens;
}
