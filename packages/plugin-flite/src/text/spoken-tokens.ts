// Text as flite can read it: in its letters, cut into tokens whose place in the text is known, and into pieces that it
// speaks at once. No speech.

/** What stands between white space, as flite shall speak it. */
export interface SpokenToken {
  /** Where it stands in the text, in UTF-16 units, punctuation included. */
  readonly from: number;
  readonly to: number;
  /** In ASCII. */
  readonly spoken: string;
}

/** A longer one is cut: flite spells what it does not know, a second for three letters. */
const TOKEN_LENGTH = 100;

const inAscii: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201a\u02bc\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u00ab\u00bb\u2033]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/\u00df/g, 'ss'],
  [/[\u00e6\u00c6]/g, 'ae'],
  [/[\u0153\u0152]/g, 'oe'],
  [/[\u00f8\u00d8]/g, 'o'],
  [/[\u0142\u0141]/g, 'l'],
  [/\u20ac/g, ' euros '],
  [/\u00a3/g, ' pounds '],
  [/\u00b0/g, ' degrees '],
];

/** The tokens of a text that flite speaks. Marks, emoji, control characters and letters of other scripts are left out. */
export function spokenTokens(text: string): SpokenToken[] {
  const tokens: SpokenToken[] = [];
  for (const { 0: token, index: from } of text.matchAll(new RegExp(`[^\\s\\p{Cc}]{1,${TOKEN_LENGTH}}`, 'gu'))) {
    const spoken = spokenForm(token);
    if (/[a-z0-9]|^[@#$%&+=/]+$/i.test(spoken)) tokens.push({ from, to: from + token.length, spoken });
    else if (/^[-\u2010-\u2015]+$/.test(token) && tokens.length > 0) pauseAfter(tokens);
  }
  return tokens;
}

/** Whether there are letters or digits in it, of any script. */
export function hasLetters(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function spokenForm(token: string): string {
  let spoken = token;
  for (const [pattern, ascii] of inAscii) spoken = spoken.replace(pattern, ascii);
  return (
    spoken
      .normalize('NFKD')
      .replace(/[^\x20-\x7e]/g, '')
      // Marks of Markdown, which would be read out.
      .replace(/^[*_`~]+|[*_`~]+(?=[.,;:!?]*$)/g, '')
      .trim()
  );
}

/** A dash that stands alone is a pause. */
function pauseAfter(tokens: SpokenToken[]): void {
  const last = tokens.at(-1)!;
  if (/[a-z0-9]$/i.test(last.spoken)) tokens[tokens.length - 1] = { ...last, spoken: `${last.spoken},` };
}
